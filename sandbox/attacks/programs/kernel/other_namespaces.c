/* Makes and joins namespaces. */
#include "attack.h"
static long join(const char *path) {
    int fd = open(path, O_RDONLY);
    return fd < 0 ? -1 : setns(fd, 0);
}
int main(void) {
    ATTEMPT("mount namespace", unshare(CLONE_NEWNS));
    ATTEMPT("pid namespace", unshare(CLONE_NEWPID));
    ATTEMPT("net namespace", unshare(CLONE_NEWNET));
    ATTEMPT("ipc namespace", unshare(CLONE_NEWIPC));
    ATTEMPT("uts namespace", unshare(CLONE_NEWUTS));
    ATTEMPT("cgroup namespace", unshare(CLONE_NEWCGROUP));
    ATTEMPT("time namespace", unshare(0x80));
    ATTEMPT("mount namespace of process 1", join("/proc/1/ns/mnt"));
    ATTEMPT("net namespace of process 1", join("/proc/1/ns/net"));
    return 0;
}
