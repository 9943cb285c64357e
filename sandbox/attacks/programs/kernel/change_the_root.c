/* Changes its root, the first step of the classic way out. */
#include "attack.h"
int main(void) {
    ATTEMPT("chroot", chroot("."));
    ATTEMPT("pivot_root", syscall(SYS_pivot_root, ".", "."));
    return 0;
}
