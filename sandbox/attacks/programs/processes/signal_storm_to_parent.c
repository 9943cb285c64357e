/* Floods its parent with queued signals. */
#include "attack.h"
int main(void) {
    union sigval value = {.sival_int = 1};
    for (int i = 0; i < 20000; i++) {
        sigqueue(getppid(), SIGRTMIN + i % 20, value);
        kill(getppid(), SIGCHLD);
    }
    puts("main is alive");
    return 0;
}
