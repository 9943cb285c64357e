/* Makes a file immutable, so that not even root can remove it. */
#include "attack.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
int main(void) {
    int fd = open("immutable", O_RDWR | O_CREAT, 0600), flags = 0;
    if (fd < 0) return 1;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags)) flags = 0;
    flags |= FS_IMMUTABLE_FL | FS_APPEND_FL;
    ATTEMPT("immutable flag", ioctl(fd, FS_IOC_SETFLAGS, &flags));
    return 0;
}
