/* Ignores and blocks every signal that can be, then burns CPU. */
#include "attack.h"
int main(void) {
    sigset_t all;
    sigfillset(&all);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    sigprocmask(SIG_BLOCK, &all, 0);
    burn();
}
