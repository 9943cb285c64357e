/* Makes a user namespace: inside it the program is root, with the kernel's whole surface. */
#include "attack.h"
struct clone_args_ {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};
static long clone3_user(void) {
    struct clone_args_ args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) _exit(0);
    return pid;
}
static long clone_user(void) {
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    return pid;
}
int main(void) {
    ATTEMPT("unshare of the user namespace", unshare(CLONE_NEWUSER));
    ATTEMPT("clone into a new user namespace", clone_user());
    ATTEMPT("clone3 into a new user namespace", clone3_user());
    return 0;
}
