/* A timer that fires every microsecond, with a handler that never gets done. */
#include "attack.h"
#include <sys/time.h>
static void handler(int signal_number) { (void)signal_number; }
int main(void) {
    struct itimerval often = {{0, 1}, {0, 1}};
    signal(SIGALRM, handler);
    setitimer(ITIMER_REAL, &often, 0);
    burn();
}
