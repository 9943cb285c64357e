/* Must pass: half of the CPU limit, over two processes. */
#include "attack.h"
int main(void) {
    if (fork() == 0) {
        burn_for(0.1);
        _exit(0);
    }
    wait(0);
    burn_for(0.1);
    puts("inside");
    return 0;
}
