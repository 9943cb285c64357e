/* Reads and writes another process's memory, and takes over one of its descriptors. */
#include "attack.h"
#include <sys/uio.h>
static long copy_from(pid_t pid, int write_it) {
    char here[64];
    struct iovec local = {here, sizeof here}, remote = {(void *)0x400000, sizeof here};
    return write_it ? process_vm_writev(pid, &local, 1, &remote, 1, 0)
                    : process_vm_readv(pid, &local, 1, &remote, 1, 0);
}
static long steal(pid_t pid) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -1 : syscall(SYS_pidfd_getfd, fd, 0, 0);
}
int main(void) {
    ATTEMPT("process_vm_readv of process 1", copy_from(1, 0));
    ATTEMPT("process_vm_writev to process 1", copy_from(1, 1));
    ATTEMPT("pidfd_getfd of process 1", steal(1));
    ATTEMPT("/proc/1/mem", readable("/proc/1/mem"));
    ATTEMPT("/proc/1/mem for writing", writable("/proc/1/mem"));
    return 0;
}
