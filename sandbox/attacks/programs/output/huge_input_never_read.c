/* Must pass: 32 MiB of input that it never reads. */
#include <stdio.h>
int main(void) {
    puts("not interested");
    return 0;
}
