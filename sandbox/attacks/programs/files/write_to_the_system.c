/* Opens files of the system for writing, and makes new ones. */
#include "attack.h"
static long create(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0755);
    return fd < 0 ? -1 : 0;
}
int main(void) {
    ATTEMPT("write /etc/passwd", writable("/etc/passwd"));
    ATTEMPT("write /usr/bin/env", writable("/usr/bin/env"));
    ATTEMPT("new file in /usr/bin", create("/usr/bin/attack_leftover"));
    ATTEMPT("new file in /etc", create("/etc/ld.so.preload"));
    ATTEMPT("new file in /usr/lib", create("/usr/lib/attack_leftover"));
    ATTEMPT("write core_pattern", writable("/proc/sys/kernel/core_pattern"));
    ATTEMPT("write sysrq-trigger", writable("/proc/sysrq-trigger"));
    ATTEMPT("write uevent_helper", writable("/sys/kernel/uevent_helper"));
    ATTEMPT("write drop_caches", writable("/proc/sys/vm/drop_caches"));
    ATTEMPT("chmod /usr/bin/env", chmod("/usr/bin/env", 04755));
    ATTEMPT("chmod of the root", chmod("/", 0777));
    return 0;
}
