/* Sets up an io_uring: its operations pass by a system call filter. */
#include "attack.h"
int main(void) {
    char params[256] = {0};
    ATTEMPT("io_uring_setup", syscall(SYS_io_uring_setup, 8, params));
    ATTEMPT("io_uring_register", syscall(SYS_io_uring_register, -1, 0, 0, 0) == -1 && errno == EBADF ? 0 : -1);
    return 0;
}
