/* Locks memory into RAM. */
#include "attack.h"
int main(void) {
    mlockall(MCL_CURRENT | MCL_FUTURE);
    for (int i = 0; i < 256; i++) {
        void *p = mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) return 1;
        mlock(p, MIB);
        touch(p, MIB);
    }
    escaped("256 MiB locked");
    return 0;
}
