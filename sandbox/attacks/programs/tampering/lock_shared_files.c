/* A daemon that locks files of the system, to talk to the next run or to block it. */
#include "attack.h"
#include <sys/file.h>
int main(int argc, char **argv) {
    (void)argc;
    const char *files[] = {"/usr/bin/env", "/usr/bin/python3", "/usr/lib/os-release", argv[0]};
    if (fork() == 0) {
        setsid();
        for (int i = 0; i < 4; i++) {
            int fd = open(files[i], O_RDONLY);
            if (fd >= 0) flock(fd, LOCK_EX | LOCK_NB);
        }
        for (;;) pause();
    }
    usleep(5000);
    return 0;
}
