/* Writes to stdout for ever, ignores SIGXFSZ and SIGPIPE and every failed write. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (;;)
        if (write(1, chunk, sizeof chunk) < 0) errno = 0;
}
