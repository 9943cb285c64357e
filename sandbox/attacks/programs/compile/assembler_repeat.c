/* An assembler macro that repeats a thousand million times. */
__asm__(".rept 1000000000\nnop\n.endr\n");
int main(void) { return 0; }
