/* Shared by the hostile programs: says of each attempt whether the sandbox stopped it.
 *
 * "ESCAPED what" on stdout means that the sandbox has a hole; the check looks for that word. Each
 * attempt runs in a child of its own, so a filter that kills (SIGSYS) stops one attempt and the
 * next one is still tried. */
#ifndef ATTACK_H
#define ATTACK_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))
#define MIB (1024L * 1024L)

UNUSED static void blocked(const char *what) { dprintf(1, "BLOCKED %s\n", what); }
UNUSED static void escaped(const char *what) { dprintf(1, "ESCAPED %s\n", what); }

/* `result` is a system call's: anything but -1 is an escape. */
UNUSED static void must_fail(const char *what, long result) {
    if (result == -1)
        blocked(what);
    else
        escaped(what);
}

/* Evaluates `expression` in a child; the attempt is stopped if it gives -1 or the child dies. */
#define ATTEMPT(what, expression)                                                       \
    do {                                                                                \
        pid_t child_ = fork();                                                          \
        if (child_ == 0) _exit((long)(expression) == -1 ? 0 : 1);                       \
        int state_ = 0;                                                                 \
        if (child_ < 0 || waitpid(child_, &state_, 0) < 0) {                            \
            dprintf(1, "UNTRIED %s\n", what);                                           \
        } else if (WIFEXITED(state_) && WEXITSTATUS(state_) == 1) {                     \
            escaped(what);                                                              \
        } else {                                                                        \
            blocked(what);                                                              \
        }                                                                               \
    } while (0)

UNUSED static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

UNUSED static void burn_for(double seconds) {
    double until = cpu_s() + seconds;
    while (cpu_s() < until)
        for (volatile int i = 0; i < 10000; i++) {
        }
}

UNUSED static void burn(void) {
    for (volatile unsigned long i = 0;; i++) {
    }
}

/* Writes to every page, so that the memory is really used. */
UNUSED static void touch(void *start, size_t bytes) {
    volatile char *p = start;
    for (size_t i = 0; i < bytes; i += 4096) p[i] = (char)(i + 1);
}

/* The size of what can be read of a file, or -1. */
UNUSED static long readable(const char *path) {
    char buffer[4096];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    long got = read(fd, buffer, sizeof buffer);
    close(fd);
    return got <= 0 ? -1 : got;
}

/* -1 if the file cannot be opened for writing. */
UNUSED static long writable(const char *path) {
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd < 0 ? -1 : 0;
}
#endif
