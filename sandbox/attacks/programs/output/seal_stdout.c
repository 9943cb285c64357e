/* Seals and locks stdout, where that is a memfd that a later run would get as well. */
#include "attack.h"
#include <sys/file.h>
int main(void) {
    puts("main is done");
    fflush(stdout);
    flock(1, LOCK_EX);
    fcntl(1, F_SETLEASE, F_WRLCK);
    fcntl(1, F_SETFL, O_NONBLOCK | O_APPEND | O_ASYNC);
    fcntl(1, F_SETOWN, -1);
    fchmod(1, 0);
    fcntl(1, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return 0;
}
