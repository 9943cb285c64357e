/* Rewrites the file that it was started from: a later run of the same program would be another. */
#include "attack.h"
static long rewrite(const char *path) {
    if (chmod(path, 0777)) errno = 0;
    int fd = open(path, O_WRONLY);
    if (fd < 0) return -1;
    return write(fd, "#!/bin/false\n", 13) == 13 ? 0 : -1;
}
static long replace(const char *path) {
    char other[4096];
    snprintf(other, sizeof other, "%s.new", path);
    int fd = open(other, O_WRONLY | O_CREAT, 0755);
    if (fd < 0 || write(fd, "#!/bin/false\n", 13) != 13) return -1;
    close(fd);
    return rename(other, path);
}
int main(int argc, char **argv) {
    (void)argc;
    ATTEMPT("its image in /proc", rewrite("/proc/self/exe"));
    ATTEMPT("its image by name", rewrite(argv[0]));
    /* The name in the work folder may be taken; the next run must find the true file there. */
    replace(argv[0]);
    unlink(argv[0]);
    return 0;
}
