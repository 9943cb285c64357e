/* One mapping that mremap doubles for ever. */
#include "attack.h"
int main(void) {
    size_t size = MIB;
    char *p = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (;;) {
        if (p == MAP_FAILED) return 1;
        touch(p, size);
        p = mremap(p, size, 2 * size, MREMAP_MAYMOVE);
        size *= 2;
    }
}
