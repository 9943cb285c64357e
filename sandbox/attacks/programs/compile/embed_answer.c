/* Puts a file of the host into the program, to print it when it runs. */
#include <stdio.h>
#include "bait.h"
__asm__(".section .rodata\nanswer: .incbin \"" BAIT_FILE "\"\nanswer_end: .byte 0\n.text\n");
extern const char answer[];
int main(void) {
    fputs(answer, stdout);
    return 0;
}
