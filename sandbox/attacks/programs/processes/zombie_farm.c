/* Makes zombies until no more processes can be made, and leaves them to others to reap. */
#include "attack.h"
int main(void) {
    int made = 0;
    for (; made < 5000; made++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child < 0) break;
    }
    must_fail("five thousand zombies", made < 5000 ? -1 : 0);
    return 0;
}
