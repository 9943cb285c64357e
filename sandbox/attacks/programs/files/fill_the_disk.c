/* Fills its work folder. */
#include "attack.h"
int main(void) {
    static char chunk[1 << 20];
    long written = 0;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 32; i++) {
        char name[32];
        sprintf(name, "fill_%d", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd < 0) break;
        ssize_t n;
        for (int j = 0; j < 2 && (n = write(fd, chunk, sizeof chunk)) > 0; j++) written += n;
        close(fd);
    }
    must_fail("64 MiB on disk", written >= 64 * MIB ? 0 : -1);
    return 0;
}
