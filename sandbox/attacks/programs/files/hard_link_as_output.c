/* Tries to make its output a hard link to a file that is not its own. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    if (link("/etc/shadow", "output.txt")) errno = 0;
    if (link("/usr/bin/env", "output.txt")) errno = 0;
    if (linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, "output.txt", AT_SYMLINK_FOLLOW)) errno = 0;
    return 0;
}
