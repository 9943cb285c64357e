/* Maps stdout into memory and leaves a daemon that goes on writing through the mapping. */
#include "attack.h"
int main(void) {
    puts("main is done");
    fflush(stdout);
    char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 1, 0);
    if (fork() == 0) {
        setsid();
        for (;;) {
            if (p != MAP_FAILED) p[0] = 'X';
            if (lseek(1, 0, SEEK_SET) == 0 && write(1, "POISON", 6) < 0) errno = 0;
            usleep(500);
        }
    }
    return 0;
}
