/* Pushes characters into a terminal, for the shell of whoever started the sandbox. */
#include "attack.h"
#include <sys/ioctl.h>
static long push(int fd) {
    char c = '\n';
    return fd < 0 ? -1 : ioctl(fd, TIOCSTI, &c);
}
int main(void) {
    ATTEMPT("TIOCSTI on stdin", push(0));
    ATTEMPT("TIOCSTI on stderr", push(2));
    ATTEMPT("TIOCSTI on /dev/tty", push(open("/dev/tty", O_RDWR)));
    ATTEMPT("/dev/console", writable("/dev/console"));
    ATTEMPT("/dev/pts/0", writable("/dev/pts/0"));
    ATTEMPT("/dev/tty0", writable("/dev/tty0"));
    return 0;
}
