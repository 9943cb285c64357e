/* Loads BPF and opens performance counters. */
#include "attack.h"
int main(void) {
    char attributes[128] = {0};
    uint32_t *map = (uint32_t *)attributes;
    map[0] = 2; /* array */
    map[1] = 4;
    map[2] = 8;
    map[3] = 1;
    ATTEMPT("bpf map", syscall(SYS_bpf, 0, attributes, 72));
    char event[128] = {0};
    ((uint32_t *)event)[0] = 1; /* software */
    ((uint32_t *)event)[1] = 112;
    ATTEMPT("perf_event_open", syscall(SYS_perf_event_open, event, 0, -1, -1, 0));
    return 0;
}
