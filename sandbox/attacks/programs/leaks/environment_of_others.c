/* Reads the environment of every other process. */
#include "attack.h"
int main(void) {
    char path[64];
    for (int pid = 1; pid < 400; pid++) {
        if (pid == getpid()) continue;
        snprintf(path, sizeof path, "/proc/%d/environ", pid);
        if (readable(path) > 0) escaped(path);
    }
    blocked("environments");
    return 0;
}
