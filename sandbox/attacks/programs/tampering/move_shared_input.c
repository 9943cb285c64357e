/* Reads its input to the end, so that a shared offset would stand there for the next run. */
#include "attack.h"
#include <sys/file.h>
int main(void) {
    lseek(0, 0, SEEK_END);
    fcntl(0, F_SETFL, O_NONBLOCK | O_ASYNC);
    flock(0, LOCK_EX);
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    fcntl(0, F_SETLK, &lock);
    return 0;
}
