/* A subreaper in the middle collects orphans, so they never reach process 1. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        setsid();
        for (int i = 0; i < 4; i++)
            if (fork() == 0) {
                if (fork() == 0)
                    for (;;) pause();
                _exit(0);
            }
        for (;;) pause();
    }
    usleep(20000);
    puts("main is done");
    return 0;
}
