/* Takes every permission off its work folder, empties it and removes it. */
#include "attack.h"
#include <sys/time.h>
int main(void) {
    char here[4096];
    if (!getcwd(here, sizeof here)) return 1;
    if (rename(here, "/tmp/attack_leftover_moved")) errno = 0;
    if (rmdir(here)) errno = 0;
    if (chmod(here, 0)) errno = 0;
    if (chmod("/tmp", 0)) errno = 0;
    if (utimes("/tmp", (struct timeval[2]){{1, 1}, {1, 1}})) errno = 0;
    return 0;
}
