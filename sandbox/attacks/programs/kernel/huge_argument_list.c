/* Executes itself with megabytes of arguments: they count as memory of nobody. */
#include "attack.h"
int main(int argc, char **argv) {
    if (argc > 2) {
        puts("main is done");
        return 0;
    }
    static char text[100000];
    memset(text, 'a', sizeof text - 1);
    char *arguments[64];
    int n = 0;
    arguments[n++] = argv[0];
    while (n < 50) arguments[n++] = text;
    arguments[n] = 0;
    execv("/proc/self/exe", arguments);
    execv(argv[0], arguments);
    puts("main is done");
    return 0;
}
