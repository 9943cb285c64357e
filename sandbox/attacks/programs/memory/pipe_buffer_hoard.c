/* Fills the kernel's pipe buffers. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 16];
    long filled = 0;
    for (int i = 0; i < 4096; i++) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK)) break;
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        for (;;) {
            ssize_t n = write(ends[1], chunk, sizeof chunk);
            if (n <= 0) break;
            filled += n;
        }
    }
    must_fail("256 MiB in pipe buffers", filled >= 256 * MIB ? 0 : -1);
    return 0;
}
