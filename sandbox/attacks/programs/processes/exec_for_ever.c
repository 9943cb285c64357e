/* Replaces itself by itself for ever. */
#include "attack.h"
int main(int argc, char **argv) {
    (void)argc;
    execl("/proc/self/exe", argv[0], (char *)0);
    execv(argv[0], argv);
    return 1;
}
