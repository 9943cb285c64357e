/* Must pass: 32 MiB of stack under a limit of 64 MiB (the stack is limited by memory alone). */
#include <stdio.h>
int depth(int level) {
    volatile char frame[1024];
    frame[0] = 1;
    return level == 0 ? 0 : depth(level - 1) + frame[0];
}
int main(void) {
    printf("depth %d\n", depth(30000));
    return 0;
}
