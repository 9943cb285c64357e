/* Leaves a daemon behind (double fork, setsid) that holds stdout open and sleeps for ever. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            for (;;) pause();
        _exit(0);
    }
    wait(0);
    puts("main is done");
    return 0;
}
