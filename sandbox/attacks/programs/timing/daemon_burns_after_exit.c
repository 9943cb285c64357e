/* Exits with 0 and leaves a daemon that burns CPU: the next run must not pay for it. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0) burn();
        _exit(0);
    }
    wait(0);
    puts("main is done");
    return 0;
}
