/* Rewrites its standard input, which all candidates share. */
#include "attack.h"
static long through_proc(const char *path, int flags) {
    int fd = open(path, flags);
    if (fd < 0) return -1;
    return pwrite(fd, "POISON", 6, 0) == 6 ? 0 : -1;
}
static long truncate_it(void) {
    int fd = open("/proc/self/fd/0", O_RDWR);
    return ftruncate(fd < 0 ? 0 : fd, 0);
}
static long map_it(int fd) {
    char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) return -1;
    p[0] = 'X';
    return 0;
}
int main(void) {
    ATTEMPT("write to stdin", pwrite(0, "POISON", 6, 0) == 6 ? 0 : -1);
    ATTEMPT("stdin reopened for writing", through_proc("/proc/self/fd/0", O_RDWR));
    ATTEMPT("stdin reopened with truncation", through_proc("/proc/self/fd/0", O_WRONLY | O_TRUNC));
    ATTEMPT("stdin by /dev/stdin", through_proc("/dev/stdin", O_RDWR));
    ATTEMPT("stdin truncated", truncate_it());
    ATTEMPT("stdin mapped", map_it(0));
    ATTEMPT("stdin mapped after reopening", map_it(open("/proc/self/fd/0", O_RDWR)));
    fchmod(0, 0);
    return 0;
}
