/* Attaches to other processes with ptrace. */
#include "attack.h"
#include <sys/ptrace.h>
int main(void) {
    ATTEMPT("ptrace attach to process 1", ptrace(PTRACE_ATTACH, 1, 0, 0));
    ATTEMPT("ptrace seize process 1", ptrace(PTRACE_SEIZE, 1, 0, 0));
    pid_t parent = getppid();
    ATTEMPT("ptrace attach to the parent", parent == 0 ? -1 : ptrace(PTRACE_ATTACH, parent, 0, 0));
    return 0;
}
