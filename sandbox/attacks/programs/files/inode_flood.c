/* Makes empty files until no more can be made. */
#include "attack.h"
int main(void) {
    int made = 0;
    for (; made < 20000; made++) {
        char name[32];
        sprintf(name, "inode_%d", made);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd < 0) break;
        close(fd);
    }
    must_fail("twenty thousand files", made == 20000 ? 0 : -1);
    return 0;
}
