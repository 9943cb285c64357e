/* Folders nested deeper than a path can name. */
#include "attack.h"
int main(void) {
    char name[200];
    memset(name, 'd', sizeof name - 1);
    name[sizeof name - 1] = 0;
    for (int i = 0; i < 60; i++)
        if (mkdir(name, 0700) || chdir(name)) break;
    return 0;
}
