/* Must pass: twelve threads with 64 MiB of stack each, hardly touched. */
#include "attack.h"
#include <pthread.h>
static void *small(void *unused) { return unused; }
int main(void) {
    pthread_attr_t wide;
    pthread_attr_init(&wide);
    pthread_attr_setstacksize(&wide, 64 * MIB);
    pthread_t threads[12];
    for (int i = 0; i < 12; i++)
        if (pthread_create(&threads[i], &wide, small, 0)) return 1;
    for (int i = 0; i < 12; i++) pthread_join(threads[i], 0);
    puts("twelve stacks");
    return 0;
}
