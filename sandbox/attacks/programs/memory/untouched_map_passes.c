/* Must pass: 1 GiB mapped and not touched is not used. */
#include "attack.h"
int main(void) {
    void *p = mmap(0, 1024 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return 1;
    touch(p, MIB);
    puts("mapped");
    return 0;
}
