/* The wall clock, moved by as many nanoseconds as stand in the file that SOLVER_CHAOS_CLOCK names;
 * loaded before a driver (LD_PRELOAD), so that its clock jumps and the machine's does not. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

static volatile int64_t *offset_ns;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("SOLVER_CHAOS_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *place = mmap(NULL, sizeof *offset_ns, PROT_READ, MAP_SHARED, fd, 0);
    if (place != MAP_FAILED)
        offset_ns = place;
    close(fd);
}

int clock_gettime(clockid_t which, struct timespec *found) {
    int failed = (int)syscall(SYS_clock_gettime, which, found);
    if (!failed && which == CLOCK_REALTIME && offset_ns) {
        int64_t now = found->tv_sec * SECOND + found->tv_nsec + *offset_ns;
        found->tv_sec = now / SECOND;
        found->tv_nsec = now % SECOND;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    found->tv_sec = now.tv_sec;
    found->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place)
        *place = now.tv_sec;
    return now.tv_sec;
}
