/* Allocates and touches for ever. */
#include "attack.h"
int main(void) {
    for (;;) {
        void *p = malloc(MIB);
        if (!p) return 1;
        touch(p, MIB);
    }
}
