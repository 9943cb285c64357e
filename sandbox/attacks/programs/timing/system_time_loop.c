/* Spends its time in the kernel: system time counts as well. */
#include "attack.h"
int main(void) {
    for (;;) syscall(SYS_getppid);
}
