/* Enters the kernel the 32-bit way, where the numbers of system calls are others. */
#include "attack.h"
#if defined(__x86_64__)
static long old_entry(long number) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(0), "c"(0), "d"(0) : "memory", "r8", "r9", "r10", "r11");
    return result;
}
#else
static long old_entry(long number) { return -number; }
#endif
int main(void) {
    /* 20 is getpid there, 310 is unshare, 102 is socketcall. */
    ATTEMPT("getpid by int 0x80", old_entry(20) > 0 ? 0 : -1);
    return 0;
}
