/* Attaches System V memory and POSIX memory of the host. */
#include "attack.h"
#include <sys/ipc.h>
#include <sys/shm.h>
static long attach(int key) {
    int id = shmget(key, 0, 0);
    return id < 0 ? -1 : (long)shmat(id, 0, SHM_RDONLY);
}
int main(int argc, char **argv) {
    if (argc < 3) return 2;
    ATTEMPT("System V segment", attach(atoi(argv[1])));
    ATTEMPT("POSIX segment", readable(argv[2]));
    return 0;
}
