/* Changes its execution domain: no randomised addresses, 32-bit emulation. */
#include "attack.h"
#include <sys/personality.h>
int main(void) {
    personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC | ADDR_COMPAT_LAYOUT);
    personality(PER_LINUX32);
    puts("main is done");
    return 0;
}
