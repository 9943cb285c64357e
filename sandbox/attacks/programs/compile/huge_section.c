/* An assembler directive that fills gigabytes of object file. */
__asm__(".data\n.fill 0x400000000, 1, 0x41\n.text\n");
int main(void) { return 0; }
