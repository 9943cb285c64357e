/* Prints its own environment: nothing of the host's may be in it. */
#include <stdio.h>
extern char **environ;
int main(void) {
    for (char **entry = environ; *entry; entry++) puts(*entry);
    return 0;
}
