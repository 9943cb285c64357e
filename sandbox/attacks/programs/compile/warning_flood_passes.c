/* Must pass: a warning is not an error, and thousands of them are not either. */
#include <stdio.h>
#pragma GCC diagnostic warning "-Wunused-variable"
#define W1 { int unused; } { int unused; } { int unused; } { int unused; }
#define W2 W1 W1 W1 W1 W1 W1 W1 W1
#define W3 W2 W2 W2 W2 W2 W2 W2 W2
int main(void) {
    W3 W3
    puts("compiled");
    return 0;
}
