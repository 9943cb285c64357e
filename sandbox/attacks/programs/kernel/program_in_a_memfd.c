/* Runs a program from memory. It may: the limits and the filter go with it. */
#include "attack.h"
int main(int argc, char **argv) {
    if (argc > 1) {
        ATTEMPT("unshare in the new image", unshare(CLONE_NEWUSER));
        burn();
    }
    int from = open("/proc/self/exe", O_RDONLY), to = memfd_create("copy", 0);
    char buffer[65536];
    ssize_t n;
    if (from < 0) from = open(argv[0], O_RDONLY);
    if (from < 0 || to < 0) return 1;
    while ((n = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, n) != n) return 1;
    char *arguments[] = {"copy", "again", 0}, *none[] = {0};
    syscall(SYS_execveat, to, "", arguments, none, AT_EMPTY_PATH);
    return 1;
}
