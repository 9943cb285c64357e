/* Makes a copy of itself with setuid and setgid bits, and file capabilities. */
#include "attack.h"
#include <sys/xattr.h>
int main(void) {
    int fd = open("mine", O_WRONLY | O_CREAT, 0700);
    if (fd < 0) return 1;
    if (fchmod(fd, 06755)) errno = 0;
    char capability[20] = {1, 0, 0, 2, (char)0xff};
    ATTEMPT("file capability", fsetxattr(fd, "security.capability", capability, sizeof capability, 0));
    ATTEMPT("file of root", fchown(fd, 0, 0));
    return 0;
}
