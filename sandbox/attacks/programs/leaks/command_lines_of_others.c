/* Prints the command line of every process that it can see. */
#include "attack.h"
int main(void) {
    char path[64], line[4096];
    for (int pid = 1; pid < 400; pid++) {
        snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
        int fd = open(path, O_RDONLY);
        if (fd < 0) continue;
        ssize_t n = read(fd, line, sizeof line);
        if (n > 0 && write(1, line, n) < 0) return 1;
        close(fd);
    }
    puts("\nthat was all");
    return 0;
}
