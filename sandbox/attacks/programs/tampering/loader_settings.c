/* Plants what the dynamic loader and shells read at their start. */
#include "attack.h"
int main(void) {
    const char *paths[] = {"/etc/ld.so.preload", "/etc/ld.so.cache", "/etc/profile", "/etc/environment",
                           "/etc/ld.so.conf.d/attack_leftover.conf", "/lib64/ld-linux-x86-64.so.2"};
    for (int i = 0; i < 6; i++) {
        int fd = open(paths[i], O_WRONLY | O_CREAT, 0644);
        must_fail(paths[i], fd);
    }
    const char *home = getenv("HOME");
    if (home && chdir(home) == 0) {
        close(open(".bashrc", O_WRONLY | O_CREAT, 0644));
        close(open(".pythonrc", O_WRONLY | O_CREAT, 0644));
    }
    return 0;
}
