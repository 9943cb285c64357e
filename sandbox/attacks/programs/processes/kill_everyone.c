/* Sends SIGKILL to everything that it may signal. */
#include "attack.h"
int main(void) {
    kill(-1, SIGKILL);
    kill(0, SIGCONT);
    puts("main is alive");
    return 0;
}
