/* File names with newlines, invalid UTF-8, leading dashes and quotes. */
#include "attack.h"
int main(void) {
    const char *names[] = {"line\nbreak", "\xff\xfe\x80", "-rf", "--help", "$(id)", "'; id; '", "*", " ", "\x1b[2J"};
    for (int i = 0; i < 9; i++) {
        int fd = open(names[i], O_WRONLY | O_CREAT, 0600);
        if (fd < 0) return 1;
        close(fd);
    }
    return 0;
}
