/* Writes to the control groups: leaves its own, lifts its limits, sets a release agent. */
#include "attack.h"
int main(void) {
    const char *paths[] = {
        "/sys/fs/cgroup/cgroup.procs",
        "/sys/fs/cgroup/memory/cgroup.procs",
        "/sys/fs/cgroup/pids/cgroup.procs",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/pids/pids.max",
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/pids.max",
        "/sys/fs/cgroup/cgroup.kill",
        "/sys/fs/cgroup/devices/devices.allow",
        "/sys/fs/cgroup/rdma/release_agent",
        "/sys/fs/cgroup/systemd/release_agent",
        "/sys/fs/cgroup/unified/cgroup.procs",
    };
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) ATTEMPT(paths[i], writable(paths[i]));
    ATTEMPT("new group", mkdir("/sys/fs/cgroup/attack_leftover", 0755));
    ATTEMPT("new pids group", mkdir("/sys/fs/cgroup/pids/attack_leftover", 0755));
    return 0;
}
