/* Four threads burn; each alone stays far below the limit for longer. */
#include "attack.h"
#include <pthread.h>
static void *burner(void *unused) {
    burn();
    return unused;
}
int main(void) {
    pthread_t thread;
    for (int i = 0; i < 4; i++)
        if (pthread_create(&thread, 0, burner, 0)) return 1;
    for (;;) pause();
}
