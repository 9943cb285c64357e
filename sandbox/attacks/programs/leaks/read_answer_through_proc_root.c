/* Reads the same file through the roots and working folders of other processes. */
#include "attack.h"
int main(int argc, char **argv) {
    char path[4096];
    if (argc < 2) return 2;
    for (int pid = 1; pid < 40; pid++) {
        if (pid == getpid()) continue;
        snprintf(path, sizeof path, "/proc/%d/root%s", pid, argv[1]);
        if (readable(path) > 0) escaped("the answer through a root");
        snprintf(path, sizeof path, "/proc/%d/cwd/%s", pid, argv[2]);
        if (readable(path) > 0) escaped("the answer through a working folder");
    }
    if (chdir("..") == 0 && readable(argv[2]) > 0) escaped("the answer in the folder above");
    blocked("the rest");
    return 0;
}
