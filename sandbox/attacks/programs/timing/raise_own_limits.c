/* Raises every resource limit that it may, then burns CPU. */
#include "attack.h"
int main(void) {
    for (int which = 0; which < 16; which++) {
        struct rlimit most;
        struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
        if (setrlimit(which, &all) && getrlimit(which, &most) == 0) {
            most.rlim_cur = most.rlim_max;
            setrlimit(which, &most);
        }
        prlimit(1, which, &all, 0);
    }
    signal(SIGXCPU, SIG_IGN);
    burn();
}
