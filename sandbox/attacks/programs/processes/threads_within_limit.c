/* Must pass: eight threads that each add up a part. */
#include "attack.h"
#include <pthread.h>
static void *part(void *index) {
    long sum = 0;
    for (long i = (long)index; i < 8000; i += 8) sum += i;
    return (void *)sum;
}
int main(void) {
    pthread_t threads[8];
    long total = 0;
    for (long i = 0; i < 8; i++)
        if (pthread_create(&threads[i], 0, part, (void *)i)) return 1;
    for (int i = 0; i < 8; i++) {
        void *sum;
        pthread_join(threads[i], &sum);
        total += (long)sum;
    }
    printf("sum %ld\n", total);
    return 0;
}
