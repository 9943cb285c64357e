/* Connects to the host over IPv6. */
#include "attack.h"
#include <netinet/in.h>
#include <sys/socket.h>
static long reach(int port) {
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}
int main(int argc, char **argv) {
    if (argc < 2) return 2;
    ATTEMPT("TCP to ::1", reach(atoi(argv[1])));
    return 0;
}
