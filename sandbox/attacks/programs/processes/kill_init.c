/* Sends SIGKILL, SIGTERM and SIGSEGV to process 1 and to its parent; the run must end as usual. */
#include "attack.h"
int main(void) {
    int signals[] = {SIGKILL, SIGTERM, SIGSEGV, SIGHUP, SIGBUS};
    for (int i = 0; i < 5; i++) {
        kill(1, signals[i]);
        kill(getppid(), signals[i]);
    }
    puts("main is alive");
    return 0;
}
