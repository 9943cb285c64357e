/* Sets the x32 bit on system call numbers, to pass by a filter that compares numbers. */
#include "attack.h"
#define X32 0x40000000L
int main(void) {
    ATTEMPT("getpid by x32", syscall(X32 | SYS_getpid) > 0 ? 0 : -1);
    ATTEMPT("unshare by x32", syscall(X32 | SYS_unshare, CLONE_NEWUSER));
    ATTEMPT("ptrace by x32", syscall(X32 | 521, 0, 0, 0, 0));
    return 0;
}
