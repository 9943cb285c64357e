/* Installs a system call filter of its own that traces or notifies, to mislead the outer one. */
#include "attack.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
int main(void) {
    struct sock_filter allow[] = {{0x06, 0, 0, SECCOMP_RET_ALLOW}};
    struct sock_fprog program = {1, allow};
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    ATTEMPT("unshare after a filter that allows all", unshare(CLONE_NEWUSER));
    ATTEMPT("mount after it", syscall(SYS_mount, "tmpfs", "/tmp", "tmpfs", 0, 0));
    return 0;
}
