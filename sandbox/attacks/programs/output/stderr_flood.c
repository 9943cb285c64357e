/* Writes 8 MiB to stderr and ends well: only the first part is kept. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 16];
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    memset(chunk, 'e', sizeof chunk);
    for (int i = 0; i < 128; i++)
        if (write(2, chunk, sizeof chunk) < 0) break;
    puts("main is done");
    return 0;
}
