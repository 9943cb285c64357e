/* A static array of 1 GiB, touched. */
#include "attack.h"
static char array[1L << 30];
int main(void) {
    touch(array, sizeof array);
    return array[0] - 1;
}
