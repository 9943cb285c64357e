/* Reads the kernel's log and addresses. */
#include "attack.h"
#include <sys/klog.h>
static long log_bytes(void) {
    static char buffer[65536];
    return klogctl(3, buffer, sizeof buffer);
}
static long addresses(void) {
    char line[256];
    FILE *symbols = fopen("/proc/kallsyms", "r");
    while (symbols && fgets(line, sizeof line, symbols))
        if (strtoul(line, 0, 16)) return 0;
    return -1;
}
int main(void) {
    ATTEMPT("syslog", log_bytes());
    ATTEMPT("kernel addresses", addresses());
    return 0;
}
