/* Uses up process numbers, so that the next run may get a number that was known before. */
#include "attack.h"
int main(void) {
    for (int i = 0; i < 3000; i++) {
        pid_t child = vfork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, 0, 0);
    }
    puts("main is done");
    return 0;
}
