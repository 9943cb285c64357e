/* Asks for other user ids and for capabilities. */
#include "attack.h"
static long setgroups_none(void) {
    gid_t none = 0;
    return syscall(SYS_setgroups, 1, &none);
}
int main(void) {
    char line[256];
    if (getuid() == 0 || geteuid() == 0) escaped("it runs as root");
    ATTEMPT("setuid 0", setuid(0));
    ATTEMPT("setresuid 0", setresuid(0, 0, 0));
    ATTEMPT("setuid of a neighbour", setuid(getuid() + 1));
    ATTEMPT("setgid 0", setgid(0));
    ATTEMPT("setgroups", setgroups_none());
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if ((!strncmp(line, "CapEff", 6) || !strncmp(line, "CapPrm", 6) || !strncmp(line, "CapBnd", 6)) &&
            strtoull(strchr(line, ':') + 1, 0, 16) != 0 && strncmp(line, "CapBnd", 6))
            escaped(line);
        if (!strncmp(line, "NoNewPrivs", 10) && atoi(strchr(line, ':') + 1) != 1) escaped("privileges can grow");
        if (!strncmp(line, "Seccomp:", 8) && atoi(strchr(line, ':') + 1) == 0) escaped("no system call filter");
    }
    return 0;
}
