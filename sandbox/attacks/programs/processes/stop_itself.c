/* Stops itself: uses no CPU and never ends. */
#include "attack.h"
int main(void) {
    raise(SIGSTOP);
    return 0;
}
