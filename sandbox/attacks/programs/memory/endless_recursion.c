/* Recursion without an end: the stack may grow to the memory limit. */
#include <stdio.h>
int depth(volatile int level) {
    volatile char frame[1024];
    frame[level % 1024] = 1;
    return depth(level + 1) + frame[level % 1024];
}
int main(void) {
    printf("%d\n", depth(1));
    return 0;
}
