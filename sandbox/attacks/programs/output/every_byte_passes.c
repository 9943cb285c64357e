/* Must pass: all 256 byte values, NUL and invalid UTF-8 among them. */
#include <stdio.h>
int main(void) {
    for (int i = 0; i < 256; i++) putchar(i);
    return 0;
}
