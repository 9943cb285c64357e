/* Listens on a port and connects to itself: a meeting point for two candidates on one host. */
#include "attack.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
static long listens(int port) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here)) return -1;
    return listen(fd, 1);
}
int main(int argc, char **argv) {
    if (argc < 2) return 2;
    /* In a network namespace of its own this is harmless; on the host's the port is taken. */
    if (listens(atoi(argv[1])) == 0)
        puts("listens in a namespace of its own");
    else
        blocked("listen");
    return 0;
}
