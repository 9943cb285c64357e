/* Rewrites its image through shared writable mappings of its own file. */
#include "attack.h"
static long map_and_write(const char *path) {
    int fd = open(path, O_RDWR);
    if (fd < 0) return -1;
    char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) return -1;
    p[0] = 'X';
    return 0;
}
int main(int argc, char **argv) {
    (void)argc;
    ATTEMPT("shared mapping of its image", map_and_write("/proc/self/exe"));
    ATTEMPT("shared mapping of its file", map_and_write(argv[0]));
    return 0;
}
