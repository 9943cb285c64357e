/* Looks for a process of the host by its number and by its command line, and signals it. */
#include "attack.h"
int main(int argc, char **argv) {
    char path[64];
    if (argc < 2) return 2;
    pid_t pid = atoi(argv[1]);
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    if (pid > 1000) {
        ATTEMPT("the process in /proc", readable(path));
        ATTEMPT("signal to the process", kill(pid, SIGUSR1));
    }
    kill(-1, SIGUSR1);
    return 0;
}
