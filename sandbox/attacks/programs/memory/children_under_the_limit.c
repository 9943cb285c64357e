/* Four children, each half of the limit: together twice of it. */
#include "attack.h"
int main(void) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            char *p = malloc(32 * MIB);
            if (!p) _exit(1);
            touch(p, 32 * MIB);
            sleep(5);
            _exit(p[0]);
        }
    while (wait(0) > 0) {
    }
    return 0;
}
