/* Leaves System V and POSIX queues, semaphores and segments for the next run. */
#include "attack.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
    int old = 0;
    old += msgget(0x50C1, 0) >= 0;
    old += semget(0x50C1, 0, 0) >= 0;
    old += shmget(0x50C1, 0, 0) >= 0;
    old += syscall(SYS_mq_open, "attack_leftover", O_RDONLY, 0, 0) >= 0;
    must_fail("an earlier run's objects", old ? 0 : -1);
    int queue = msgget(0x50C1, IPC_CREAT | 0666);
    struct {
        long type;
        char text[16];
    } message = {1, "left"};
    if (queue >= 0) msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT);
    semget(0x50C1, 4, IPC_CREAT | 0666);
    shmget(0x50C1, 65536, IPC_CREAT | 0666);
    syscall(SYS_mq_open, "attack_leftover", O_RDWR | O_CREAT, 0666, 0);
    return 0;
}
