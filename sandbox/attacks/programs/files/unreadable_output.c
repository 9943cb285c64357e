/* An output file that nobody may read: it is still a regular file of the run. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    int fd = open("output.txt", O_WRONLY | O_CREAT, 0600);
    if (fd < 0 || write(fd, "hidden\n", 7) != 7) return 1;
    return fchmod(fd, 0) ? 1 : 0;
}
