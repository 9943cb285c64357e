/* Changes everything a process hands on: mask, signals, directory, groups, timers, name. */
#include "attack.h"
#include <sys/time.h>
int main(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, 0);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    umask(0777);
    setpgid(0, 0);
    setsid();
    prctl(PR_SET_NAME, "canary");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1000000000L);
    if (chdir("/proc")) return 1;
    nice(19);
    struct itimerval soon = {{0, 0}, {0, 1000}};
    setitimer(ITIMER_REAL, &soon, 0);
    return 0;
}
