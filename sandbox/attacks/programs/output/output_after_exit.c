/* The main program ends, its children go on writing to stdout. */
#include "attack.h"
int main(void) {
    puts("main is done");
    fflush(stdout);
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            setsid();
            for (;;)
                if (write(1, "late\n", 5) < 0) _exit(1);
        }
    return 0;
}
