/* The system calls that programs may use: an allowlist, in force for the zygote as well.
 *
 * It is installed once and inherited, so that a run pays nothing for it. Left out on purpose:
 * sockets, SysV IPC and message queues (they outlive processes), locks on files (a channel between
 * runs that share an input), namespaces, mounts, tracing, keyrings, io_uring, bpf, perf,
 * userfaultfd, and whatever a new kernel brings. Another ABI (x32, int 0x80) ends the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "helper.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#error "no filter for this machine yet: name its AUDIT_ARCH here"
#endif

static const int ALLOWED[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev,
    SYS_lseek, SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_msync, SYS_mincore,
    SYS_brk, SYS_futex, SYS_close, SYS_fstat, SYS_openat, SYS_newfstatat, SYS_statx, SYS_exit,
    SYS_exit_group, SYS_execve, SYS_execveat, SYS_wait4, SYS_waitid, SYS_kill, SYS_tkill, SYS_tgkill,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_sigaltstack, SYS_restart_syscall,
    SYS_set_tid_address, SYS_set_robust_list, SYS_get_robust_list, SYS_membarrier, SYS_getrandom,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    SYS_getitimer, SYS_setitimer, SYS_timer_create, SYS_timer_settime, SYS_timer_gettime,
    SYS_timer_getoverrun, SYS_timer_delete, SYS_timerfd_create, SYS_timerfd_settime,
    SYS_timerfd_gettime, SYS_getrusage, SYS_getrlimit, SYS_setrlimit, SYS_sysinfo,
    SYS_uname, SYS_getcpu, SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam,
    SYS_sched_getscheduler, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getpriority,
    SYS_getpid, SYS_getppid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getpgid, SYS_setpgid, SYS_getsid, SYS_setsid,
    SYS_setuid, SYS_setgid, SYS_setresuid, SYS_setresgid, SYS_setreuid, SYS_setregid, SYS_setfsuid,
    SYS_setfsgid, SYS_capget, SYS_prctl, SYS_umask, SYS_pipe2, SYS_dup, SYS_dup3, SYS_close_range,
    SYS_eventfd2, SYS_signalfd4, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_ppoll,
    SYS_pselect6, SYS_sendfile, SYS_copy_file_range, SYS_splice, SYS_tee, SYS_memfd_create,
    SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_getdents64, SYS_faccessat, SYS_readlinkat, SYS_mkdirat,
    SYS_mknodat, SYS_unlinkat, SYS_renameat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_fchmod,
    SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_ftruncate,
    SYS_fallocate, SYS_fadvise64, SYS_readahead, SYS_fsync, SYS_fdatasync, SYS_statfs, SYS_fstatfs,
    SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr, SYS_llistxattr, SYS_flistxattr,
    SYS_mlock, SYS_munlock, SYS_mlockall, SYS_munlockall, SYS_mlock2, SYS_recvmsg, SYS_sendmsg,
    SYS_recvfrom, SYS_sendto, SYS_shutdown,
#ifdef SYS_open
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_select, SYS_pipe, SYS_dup2,
    SYS_fork, SYS_vfork, SYS_getpgrp, SYS_alarm, SYS_pause, SYS_time, SYS_creat, SYS_mkdir, SYS_rmdir,
    SYS_unlink, SYS_rename, SYS_link, SYS_symlink, SYS_chmod, SYS_chown, SYS_lchown, SYS_mknod,
    SYS_utime, SYS_utimes, SYS_futimesat, SYS_getdents, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd,
    SYS_signalfd, SYS_arch_prctl,
#endif
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_openat2
    SYS_openat2, SYS_faccessat2,
#endif
#ifdef SYS_pkey_alloc
    SYS_pkey_alloc, SYS_pkey_free, SYS_pkey_mprotect,
#endif
};

/* Calls that glibc tries and does without where the kernel is old. */
static const int UNKNOWN[] = {
#ifdef SYS_clone3
    SYS_clone3, /* its flags are behind a pointer, where no filter can see CLONE_NEWUSER */
#endif
};

static const unsigned FCNTL[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
                                 F_GETPIPE_SZ, F_GET_SEALS, F_ADD_SEALS};
static const unsigned IOCTL[] = {TCGETS, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TIOCGWINSZ};

#define NAMESPACES \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x80)

static struct sock_filter code[1024];
static unsigned short length;

static void emit(uint16_t op, uint32_t value, uint8_t yes, uint8_t no) {
  code[length++] = (struct sock_filter){.code = op, .jt = yes, .jf = no, .k = value};
}

static void load(size_t offset) { emit(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }
static void answer(uint32_t value) { emit(BPF_RET | BPF_K, value, 0, 0); }

/* A call whose second argument must be one of a few commands. */
static void only_commands(int call, const unsigned *commands, size_t count, int error) {
  emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, (uint8_t)(2 + 2 * count));
  load(offsetof(struct seccomp_data, args[1]));
  for (size_t i = 0; i < count; i++) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, commands[i], 0, 1);
    answer(SECCOMP_RET_ALLOW);
  }
  answer(SECCOMP_RET_ERRNO | (uint32_t)error);
}

int install_filter(void) {
  length = 0;
  load(offsetof(struct seccomp_data, arch));
  emit(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
  answer(SECCOMP_RET_KILL_PROCESS);
  load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  emit(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1); /* x32 */
  answer(SECCOMP_RET_KILL_PROCESS);
#endif
  for (size_t i = 0; i < sizeof UNKNOWN / sizeof *UNKNOWN; i++) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)UNKNOWN[i], 0, 1);
    answer(SECCOMP_RET_ERRNO | ENOSYS);
  }
  emit(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
  load(offsetof(struct seccomp_data, args[0]));
  emit(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
  answer(SECCOMP_RET_ERRNO | EPERM);
  answer(SECCOMP_RET_ALLOW);
  emit(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, 4); /* Java and Rust need one to start */
  load(offsetof(struct seccomp_data, args[0]));
  emit(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1);
  answer(SECCOMP_RET_ALLOW);
  answer(SECCOMP_RET_ERRNO | EPERM);
  /* Limits of its own only: another process of the same uid may be the zygote. */
  emit(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 4);
  load(offsetof(struct seccomp_data, args[0]));
  emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
  answer(SECCOMP_RET_ALLOW);
  answer(SECCOMP_RET_ERRNO | EPERM);
  only_commands(SYS_fcntl, FCNTL, sizeof FCNTL / sizeof *FCNTL, EPERM);
  only_commands(SYS_ioctl, IOCTL, sizeof IOCTL / sizeof *IOCTL, ENOTTY);
  for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++) {
    emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)ALLOWED[i], 0, 1);
    answer(SECCOMP_RET_ALLOW);
  }
  answer(SECCOMP_RET_ERRNO | EPERM);
  struct sock_fprog program = {.len = length, .filter = code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
