/* Hoards descriptors in messages that nobody receives. */
#include "attack.h"
#include <sys/socket.h>
int main(void) {
    int sent = 0;
    for (int i = 0; i < 25; i++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends)) break;
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        for (int j = 0; j < 1000; j++) {
            char byte = 0, control[CMSG_SPACE(16 * sizeof(int))];
            struct iovec io = {&byte, 1};
            struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
            struct cmsghdr *part = CMSG_FIRSTHDR(&message);
            part->cmsg_level = SOL_SOCKET;
            part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(16 * sizeof(int));
            for (int k = 0; k < 16; k++) ((int *)CMSG_DATA(part))[k] = ends[1];
            if (sendmsg(ends[0], &message, 0) < 0) break;
            sent += 16;
        }
    }
    must_fail("ten thousand descriptors in flight", sent >= 10000 ? 0 : -1);
    return 0;
}
