/* Leaves a daemon that listens on an abstract socket: the next run could meet it. */
#include "attack.h"
#include <sys/socket.h>
#include <sys/un.h>
int main(void) {
    struct sockaddr_un here = {.sun_family = AF_UNIX};
    strcpy(here.sun_path + 1, "attack_leftover");
    socklen_t size = sizeof(sa_family_t) + 16;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) {
        blocked("socket");
        return 0;
    }
    if (bind(fd, (struct sockaddr *)&here, size)) {
        escaped("an earlier run's socket is still there");
        return 0;
    }
    if (fork() == 0) {
        setsid();
        listen(fd, 1);
        for (;;) pause();
    }
    blocked("nobody was there before");
    return 0;
}
