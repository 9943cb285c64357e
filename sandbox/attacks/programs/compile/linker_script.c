/* Asks the linker, through section flags and notes, for libraries and an interpreter of its own. */
#include <stdio.h>
__asm__(".section .interp,\"a\"\n.string \"/tmp/attack_interpreter\"\n.text\n");
__asm__(".section .note.GNU-stack,\"x\"\n.text\n");
int main(void) {
    puts("main is done");
    return 0;
}
