/* Reads the files where a system keeps its secrets. */
#include "attack.h"
int main(void) {
    ATTEMPT("/etc/shadow", readable("/etc/shadow"));
    ATTEMPT("/etc/gshadow", readable("/etc/gshadow"));
    ATTEMPT("/etc/sudoers", readable("/etc/sudoers"));
    ATTEMPT("root's history", readable("/root/.bash_history"));
    ATTEMPT("root's keys", readable("/root/.ssh/authorized_keys"));
    ATTEMPT("root's git settings", readable("/root/.gitconfig"));
    ATTEMPT("host keys", readable("/etc/ssh/ssh_host_ed25519_key"));
    ATTEMPT("/proc/kcore", readable("/proc/kcore"));
    ATTEMPT("/dev/mem", readable("/dev/mem"));
    ATTEMPT("/dev/kmsg", readable("/dev/kmsg"));
    ATTEMPT("/proc/kmsg", readable("/proc/kmsg"));
    ATTEMPT("first disk", readable("/dev/vda"));
    ATTEMPT("first SCSI disk", readable("/dev/sda"));
    return 0;
}
