/* Nested folders with mode 000: a clean-up that walks as the run's user cannot enter them. */
#include "attack.h"
int main(void) {
    for (int i = 0; i < 20; i++) {
        if (mkdir("closed", 0700) || chdir("closed")) break;
        close(open("file", O_WRONLY | O_CREAT, 0));
    }
    for (int i = 0; i < 21; i++) {
        if (chmod(".", 0)) break;
        if (chdir("..")) break;
    }
    return 0;
}
