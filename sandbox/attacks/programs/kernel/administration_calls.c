/* System calls that only an administrator has a use for. */
#include "attack.h"
#include <sys/reboot.h>
int main(void) {
    char empty[64] = {0};
    ATTEMPT("init_module", syscall(SYS_init_module, empty, 64, ""));
    ATTEMPT("delete_module", syscall(SYS_delete_module, "nothing", 0));
    ATTEMPT("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
    ATTEMPT("swapon", syscall(SYS_swapon, "/dev/null", 0));
    ATTEMPT("swapoff", syscall(SYS_swapoff, "/dev/null"));
    ATTEMPT("acct", syscall(SYS_acct, "accounts"));
    ATTEMPT("quotactl", syscall(SYS_quotactl, 0x800007 << 8, 0, 0, empty));
    ATTEMPT("vhangup", syscall(SYS_vhangup));
    ATTEMPT("fanotify_init", syscall(SYS_fanotify_init, 0, 0));
    ATTEMPT("syslog clear", syscall(SYS_syslog, 5, 0, 0));
    ATTEMPT("reboot with a wrong magic", syscall(SYS_reboot, 0, 0, 0, 0));
#if defined(__x86_64__)
    ATTEMPT("iopl", syscall(SYS_iopl, 3));
    ATTEMPT("ioperm", syscall(SYS_ioperm, 0x80, 1, 1));
#endif
    return 0;
}
