/* Makes device nodes. */
#include "attack.h"
#include <sys/sysmacros.h>
int main(void) {
    unlink("output.txt");
    ATTEMPT("block device node", mknod("output.txt", S_IFBLK | 0666, makedev(254, 0)));
    ATTEMPT("memory device node", mknod("memory", S_IFCHR | 0666, makedev(1, 1)));
    ATTEMPT("tty device node", mknod("tty", S_IFCHR | 0666, makedev(5, 0)));
    return 0;
}
