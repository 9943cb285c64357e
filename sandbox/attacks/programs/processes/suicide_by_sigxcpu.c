/* Sends itself SIGXCPU with no CPU used: a signal, not the CPU limit. */
#include <signal.h>
int main(void) {
    raise(SIGXCPU);
    return 0;
}
