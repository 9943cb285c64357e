/* A child stops the main program and sleeps: nobody ever exits. */
#include "attack.h"
int main(void) {
    pid_t main_pid = getpid();
    if (fork() == 0)
        for (;;) {
            kill(main_pid, SIGSTOP);
            usleep(1000);
        }
    for (;;) pause();
}
