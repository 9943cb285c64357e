/* Fills System V segments and leaves them: they outlive processes. */
#include "attack.h"
#include <sys/ipc.h>
#include <sys/shm.h>
int main(void) {
    long hoarded = 0;
    for (int i = 0; i < 40; i++) {
        int id = shmget(IPC_PRIVATE, 8 * MIB, IPC_CREAT | 0600);
        if (id < 0) break;
        void *p = shmat(id, 0, 0);
        if (p == (void *)-1) break;
        touch(p, 8 * MIB);
        shmdt(p);
        hoarded += 8;
    }
    must_fail("320 MiB in System V segments", hoarded >= 128 ? 0 : -1);
    return 0;
}
