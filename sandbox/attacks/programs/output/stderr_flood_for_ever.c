/* Writes to stderr for ever. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 16];
    for (;;)
        if (write(2, chunk, sizeof chunk) < 0) errno = 0;
}
