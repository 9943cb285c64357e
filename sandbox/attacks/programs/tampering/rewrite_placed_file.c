/* Rewrites, truncates and replaces the read-only file that was placed for it. */
#include "attack.h"
static long rewrite(void) {
    int fd = open("input.txt", O_WRONLY);
    return fd >= 0 && write(fd, "POISON", 6) == 6 ? 0 : -1;
}
static long reopen(void) {
    char path[64];
    int fd = open("input.txt", O_RDONLY);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    fd = open(path, O_RDWR);
    return fd >= 0 && write(fd, "POISON", 6) == 6 ? 0 : -1;
}
int main(void) {
    ATTEMPT("write to the file", rewrite());
    ATTEMPT("write after reopening", reopen());
    if (chmod("input.txt", 0777) == 0 && rewrite() == 0) puts("changed a copy of its own");
    unlink("input.txt");
    return 0;
}
