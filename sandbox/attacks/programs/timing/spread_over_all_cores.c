/* Widens its CPU affinity to all cores and burns on each. */
#include "attack.h"
int main(void) {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (int i = 0; i < 64; i++) CPU_SET(i, &all);
    sched_setaffinity(0, sizeof all, &all);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) break;
    burn();
}
