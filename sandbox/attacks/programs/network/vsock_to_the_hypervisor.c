/* Opens a vsock: it belongs to no network namespace and leads to the hypervisor. */
#include "attack.h"
#include <sys/socket.h>
int main(void) {
    ATTEMPT("vsock stream", socket(40 /* AF_VSOCK */, SOCK_STREAM, 0));
    ATTEMPT("vsock datagram", socket(40, SOCK_DGRAM, 0));
    return 0;
}
