/* Hides memory in memfds: it is in no process's resident set. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 20];
    memset(chunk, 1, sizeof chunk);
    long hoarded = 0;
    for (int i = 0; i < 40; i++) {
        int fd = memfd_create("hoard", 0);
        if (fd < 0) break;
        for (int j = 0; j < 8; j++)
            if (write(fd, chunk, sizeof chunk) == sizeof chunk) hoarded++;
    }
    must_fail("320 MiB in memfds", hoarded >= 128 ? 0 : -1);
    return 0;
}
