/* A process that replaces itself with a new one all the time, to outrun a killer that walks a list. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        for (;;) {
            pid_t next = fork();
            if (next > 0) _exit(0);
        }
    }
    usleep(20000);
    puts("main is done");
    return 0;
}
