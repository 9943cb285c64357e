/* A shared anonymous map of twice the limit, filled by children in parts. */
#include "attack.h"
int main(void) {
    char *p = mmap(0, 128 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return 1;
    for (int i = 0; i < 8; i++) {
        pid_t child = fork();
        if (child == 0) {
            touch(p + i * 16 * MIB, 16 * MIB);
            _exit(0);
        }
        int state;
        waitpid(child, &state, 0);
        if (!WIFEXITED(state)) return 1;
    }
    escaped("128 MiB shared");
    return 0;
}
