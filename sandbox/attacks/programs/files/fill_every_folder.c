/* Fills /tmp, /dev/shm, /var/tmp and /run. */
#include "attack.h"
static long fill(const char *path) {
    static char chunk[1 << 20];
    long written = 0;
    for (int i = 0; i < 64; i++) {
        char name[64];
        sprintf(name, "%s/attack_leftover_%d", path, i);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd < 0) break;
        ssize_t n = write(fd, chunk, sizeof chunk);
        close(fd);
        if (n > 0) written += n;
    }
    return written;
}
int main(void) {
    const char *folders[] = {"/tmp", "/dev/shm", "/var/tmp", "/run", "/dev", "/"};
    long written = 0;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 6; i++) written += fill(folders[i]);
    must_fail("128 MiB in system folders", written >= 128 * MIB ? 0 : -1);
    return 0;
}
