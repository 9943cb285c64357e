/* One stack frame of 1 GiB, touched from both ends. */
#include "attack.h"
int main(void) {
    volatile char frame[1L << 30];
    for (long i = (1L << 30) - 1; i >= 0; i -= 4096) frame[i] = 1;
    return frame[0] - 1;
}
