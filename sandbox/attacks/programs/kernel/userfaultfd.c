/* Opens a userfaultfd: it lets a program hold the kernel in the middle of a copy. */
#include "attack.h"
int main(void) {
    ATTEMPT("userfaultfd", syscall(SYS_userfaultfd, 0));
    ATTEMPT("userfaultfd, user mode only", syscall(SYS_userfaultfd, 1));
    return 0;
}
