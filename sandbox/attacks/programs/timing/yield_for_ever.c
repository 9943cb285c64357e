/* Gives its core away all the time: little is billed by sampling, all of it by accounting. */
#include "attack.h"
int main(void) {
    for (;;) sched_yield();
}
