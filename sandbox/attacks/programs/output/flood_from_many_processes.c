/* Eight processes flood stdout at once. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 16];
    for (int i = 0; i < 7; i++)
        if (fork() == 0) break;
    for (;;)
        if (write(1, chunk, sizeof chunk) < 0) errno = 0;
}
