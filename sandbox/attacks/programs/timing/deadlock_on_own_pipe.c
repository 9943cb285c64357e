/* Reads from a pipe that nobody writes to and that it holds open itself. */
#include "attack.h"
int main(void) {
    int ends[2];
    char byte;
    if (pipe(ends)) return 1;
    return (int)read(ends[0], &byte, 1);
}
