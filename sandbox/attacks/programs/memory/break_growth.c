/* Grows the heap with brk. */
#include "attack.h"
int main(void) {
    for (;;) {
        void *p = sbrk(MIB);
        if (p == (void *)-1) return 1;
        touch(p, MIB);
    }
}
