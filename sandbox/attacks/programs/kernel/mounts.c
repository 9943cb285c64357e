/* Mounts, by the old calls and the new ones. */
#include "attack.h"
#include <sys/mount.h>
static long new_api(void) {
    int context = (int)syscall(SYS_fsopen, "tmpfs", 0);
    return context;
}
int main(void) {
    ATTEMPT("mount tmpfs", mount("tmpfs", "/tmp", "tmpfs", 0, 0));
    ATTEMPT("bind mount", mount("/usr", "/tmp", 0, MS_BIND, 0));
    ATTEMPT("remount of the root", mount(0, "/", 0, MS_REMOUNT | MS_BIND, 0));
    ATTEMPT("umount of /proc", umount2("/proc", MNT_DETACH));
    ATTEMPT("umount of the work folder", umount2(".", MNT_DETACH));
    ATTEMPT("fsopen", new_api());
    ATTEMPT("open_tree with clone", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    ATTEMPT("mount_setattr", syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, "\0", 32));
    return 0;
}
