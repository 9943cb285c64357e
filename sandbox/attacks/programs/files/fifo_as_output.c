/* Makes its output file a FIFO: whoever opens it waits for ever. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    return mkfifo("output.txt", 0666) ? 1 : 0;
}
