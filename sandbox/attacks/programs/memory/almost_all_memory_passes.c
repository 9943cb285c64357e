/* Must pass: 48 MiB of a limit of 64 MiB. */
#include "attack.h"
int main(void) {
    char *p = malloc(48 * MIB);
    if (!p) return 1;
    touch(p, 48 * MIB);
    puts("48 MiB");
    return p[0] - 1;
}
