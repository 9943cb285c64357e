/* Writes a fake report to every descriptor there may be, its own and the supervisor's. */
#include "attack.h"
int main(void) {
    char path[64];
    for (int fd = 3; fd < 1024; fd++)
        if (write(fd, "0 0 0 0 0\n", 10) > 0) escaped("a descriptor of somebody");
    for (int pid = 1; pid < 10; pid++)
        for (int fd = 0; fd < 32; fd++) {
            if (pid == getpid()) continue;
            snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
            int other = open(path, O_WRONLY | O_NONBLOCK);
            if (other >= 0 && write(other, "0 0 0 0 0\n", 10) > 0) escaped(path);
        }
    blocked("descriptors");
    return 0;
}
