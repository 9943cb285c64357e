/* Opens the sockets that configure and sniff networks, and some rarely tested families. */
#include "attack.h"
#include <sys/socket.h>
int main(void) {
    ATTEMPT("packet socket", socket(AF_PACKET, SOCK_RAW, 0x0300));
    ATTEMPT("raw ICMP socket", socket(AF_INET, SOCK_RAW, 1));
    ATTEMPT("netlink audit", socket(AF_NETLINK, SOCK_RAW, 9));
    ATTEMPT("netlink netfilter", socket(AF_NETLINK, SOCK_RAW, 12));
    ATTEMPT("kernel crypto socket", socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0));
    ATTEMPT("bluetooth socket", socket(31, SOCK_RAW, 1));
    ATTEMPT("CAN socket", socket(29, SOCK_RAW, 1));
    ATTEMPT("XDP socket", socket(44, SOCK_RAW, 0));
    ATTEMPT("TIPC socket", socket(30, SOCK_SEQPACKET, 0));
    ATTEMPT("RDS socket", socket(21, SOCK_SEQPACKET, 0));
    return 0;
}
