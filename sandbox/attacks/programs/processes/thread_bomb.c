/* Starts threads that sleep until no more can be started. */
#include "attack.h"
#include <pthread.h>
static void *sleeper(void *unused) {
    pause();
    return unused;
}
int main(void) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    int started = 0;
    pthread_t thread;
    while (started < 5000 && pthread_create(&thread, &small, sleeper, 0) == 0) started++;
    must_fail("five thousand threads", started < 5000 ? -1 : 0);
    return 0;
}
