/* Maps a file of its work folder and writes through the mapping: memory or disk must end it. */
#include "attack.h"
int main(void) {
    int fd = open("mapped", O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, 256 * MIB)) return 1;
    char *p = mmap(0, 256 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) return 1;
    touch(p, 256 * MIB);
    escaped("256 MiB through a mapped file");
    return 0;
}
