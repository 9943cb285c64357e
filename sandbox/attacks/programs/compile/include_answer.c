/* Lets the compiler quote a file of the host in its messages: the expected output. */
#include "bait.h"
#include BAIT_FILE
int main(void) { return 0; }
