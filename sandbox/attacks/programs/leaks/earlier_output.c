/* Reads its own stdout and stderr, where an earlier run's output may still stand. */
#include "attack.h"
int main(void) {
    char byte;
    struct stat info;
    for (int fd = 1; fd < 3; fd++) {
        if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
            dprintf(fd, "ESCAPED size of an earlier output\n");
        if (pread(fd, &byte, 1, 0) > 0 && byte != 'E') dprintf(1, "ESCAPED earlier output\n");
    }
    return 0;
}
