/* Opens files until no more can be opened. */
#include "attack.h"
int main(void) {
    int opened = 0;
    while (opened < 5000 && open("/dev/null", O_RDONLY) >= 0) opened++;
    must_fail("five thousand descriptors", opened == 5000 ? 0 : -1);
    return 0;
}
