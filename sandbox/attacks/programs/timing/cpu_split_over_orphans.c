/* Grandchildren whose parent is gone burn 20 ms each: their time is in nobody's rusage. */
#include "attack.h"
int main(void) {
    for (;;) {
        int done[2];
        if (pipe(done)) return 1;
        if (fork() == 0) {
            if (fork() == 0) {
                burn_for(0.02);
                _exit(0);
            }
            _exit(0);
        }
        wait(0);
        close(done[1]);
        char end;
        if (read(done[0], &end, 1) < 0) return 1;
        close(done[0]);
    }
}
