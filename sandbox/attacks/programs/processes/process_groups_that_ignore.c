/* Children in sessions of their own that ignore signals; the main program waits for them. */
#include "attack.h"
int main(void) {
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            setsid();
            for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
            for (;;) pause();
        }
    while (wait(0) > 0 || errno == EINTR) {
    }
    return 0;
}
