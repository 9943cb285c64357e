/* Seeks, truncates and writes far beyond the end of stdout, where that is a file. */
#include "attack.h"
int main(void) {
    if (write(1, "start\n", 6) != 6) return 1;
    signal(SIGXFSZ, SIG_IGN);
    lseek(1, 1L << 40, SEEK_SET);
    if (write(1, "x", 1) < 0) errno = 0;
    if (ftruncate(1, 1L << 40)) errno = 0;
    if (pwrite(1, "x", 1, 1L << 41) < 0) errno = 0;
    fallocate(1, 0, 0, 1L << 38);
    lseek(1, 0, SEEK_SET);
    return 0;
}
