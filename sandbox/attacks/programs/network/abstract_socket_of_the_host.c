/* Connects to an abstract unix socket of the host: these belong to the network namespace. */
#include "attack.h"
#include <sys/socket.h>
#include <sys/un.h>
static long reach(const char *name) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strncpy(to.sun_path + 1, name, sizeof to.sun_path - 2);
    if (fd < 0) return -1;
    return connect(fd, (struct sockaddr *)&to, sizeof(sa_family_t) + 1 + strlen(name));
}
int main(int argc, char **argv) {
    if (argc < 2) return 2;
    ATTEMPT("abstract socket", reach(argv[1]));
    return 0;
}
