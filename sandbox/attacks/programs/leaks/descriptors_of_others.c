/* Opens the descriptors of other processes. */
#include "attack.h"
int main(void) {
    char path[64], target[512];
    for (int pid = 1; pid < 40; pid++) {
        if (pid == getpid()) continue;
        for (int fd = 0; fd < 64; fd++) {
            snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
            if (readlink(path, target, sizeof target) > 0) escaped(path);
        }
    }
    blocked("descriptors");
    return 0;
}
