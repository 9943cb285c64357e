/* Sets the clock back, to gain time. */
#include "attack.h"
#include <sys/time.h>
#include <sys/timex.h>
static long set_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return clock_settime(CLOCK_REALTIME, &t);
}
static long set_day(void) {
    struct timeval t;
    gettimeofday(&t, 0);
    return settimeofday(&t, 0);
}
static long slow_down(void) {
    struct timex t = {.modes = ADJ_TICK, .tick = 10000};
    return adjtimex(&t);
}
int main(void) {
    ATTEMPT("clock_settime", set_clock());
    ATTEMPT("settimeofday", set_day());
    ATTEMPT("adjtimex", slow_down());
    return 0;
}
