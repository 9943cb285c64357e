/* Asks for a better priority and for real-time scheduling. */
#include "attack.h"
static long real_time(int policy) {
    struct sched_param p = {.sched_priority = 1};
    return sched_setscheduler(0, policy, &p);
}
int main(void) {
    ATTEMPT("nice -20", setpriority(PRIO_PROCESS, 0, -20));
    ATTEMPT("SCHED_FIFO", real_time(SCHED_FIFO));
    ATTEMPT("SCHED_RR", real_time(SCHED_RR));
    ATTEMPT("priority of process 1", setpriority(PRIO_PROCESS, 1, 19));
    return 0;
}
