/* Looks for descriptors that a careless parent left open. */
#include "attack.h"
int main(void) {
    char what[64];
    for (int fd = 3; fd < 4096; fd++)
        if (fcntl(fd, F_GETFD) != -1) {
            snprintf(what, sizeof what, "descriptor %d", fd);
            escaped(what);
        }
    blocked("descriptors");
    return 0;
}
