/* Kills itself with SIGKILL: a signal, not a limit. */
#include <signal.h>
int main(void) {
    raise(SIGKILL);
    return 0;
}
