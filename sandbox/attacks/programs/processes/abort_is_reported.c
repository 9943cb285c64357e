/* Must be reported as SIGABRT (a process 1 of a namespace would report SIGSEGV here). */
#include <stdlib.h>
int main(void) { abort(); }
