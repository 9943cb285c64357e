/* Short-lived children burn 20 ms each, one after the other: no process alone is over the limit. */
#include "attack.h"
int main(void) {
    for (;;) {
        if (fork() == 0) {
            burn_for(0.02);
            _exit(0);
        }
        wait(0);
    }
}
