/* Fires every system call number from 0 to 700 with senseless arguments, each in a child. */
#include "attack.h"
int main(void) {
    for (long number = 0; number < 700; number++) {
        /* Those that would only make the child wait, or fork a new one, say nothing. */
        if (number == SYS_exit || number == SYS_exit_group || number == SYS_pause || number == SYS_fork ||
            number == SYS_vfork || number == SYS_clone || number == SYS_rt_sigreturn || number == SYS_kill ||
            number == SYS_tkill || number == SYS_rt_sigsuspend)
            continue;
        pid_t child = fork();
        if (child < 0) break;
        if (child == 0) {
            alarm(1);
            syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
            _exit(0);
        }
        for (int i = 0; i < 100 && waitpid(child, 0, WNOHANG) == 0; i++) {
            if (i > 90) kill(child, SIGKILL);
            if (i > 5) usleep(200);
        }
    }
    puts("main is done");
    return 0;
}
