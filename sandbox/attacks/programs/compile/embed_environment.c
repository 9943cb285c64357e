/* Puts the compiler's own environment and command line into the program. */
#include <stdio.h>
__asm__(
    ".section .rodata\nstolen: .incbin \"/proc/self/environ\"\n.incbin \"/proc/self/cmdline\"\n"
    "stolen_end: .byte 0\n.text\n");
extern const char stolen[], stolen_end[];
int main(void) {
    fwrite(stolen, 1, stolen_end - stolen, stdout);
    return 0;
}
