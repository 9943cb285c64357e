/* Connects to a TCP port that listens on the host. */
#include "attack.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
static long reach(const char *address, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}
int main(int argc, char **argv) {
    if (argc < 2) return 2;
    ATTEMPT("TCP to 127.0.0.1", reach("127.0.0.1", atoi(argv[1])));
    ATTEMPT("TCP to 172.17.0.1", reach("172.17.0.1", atoi(argv[1])));
    return 0;
}
