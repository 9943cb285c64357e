/* Files of 1 TiB that take no space, and files whose space is taken at once. */
#include "attack.h"
int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("sparse", O_RDWR | O_CREAT, 0600);
    if (fd >= 0) {
        if (ftruncate(fd, 1L << 40)) errno = 0;
        if (pwrite(fd, "x", 1, (1L << 40) - 1) < 0) errno = 0;
        must_fail("fallocate of 256 MiB", fallocate(fd, 0, 0, 256 * MIB));
    }
    return 0;
}
