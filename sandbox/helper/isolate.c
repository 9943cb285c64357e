/* Makes the slot: namespaces, a read-only root built from the host's system, uids.
 *
 * As root: mounts are made with full power, then the zygote enters a user namespace that owns
 * none of the others and maps two uids that nobody else on the host has: one for itself, one for
 * programs. It can end programs and empty their folder, and nothing more.
 * Unprivileged: one user namespace around everything; programs run under the caller's uid with no
 * capability, and the zygote, which holds some, is out of their reach. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"

#define ATTR_RDONLY 0x1 /* MOUNT_ATTR_* of linux/mount.h, which does not go with sys/mount.h */
#define ATTR_NOSUID 0x2
#define ATTR_NODEV 0x4
#define ATTR_NOEXEC 0x8
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static const char *const DEVICES[] = {"null", "zero", "full", "random", "urandom"};

static int write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
  if (fd < 0) return -1;
  ssize_t written = write(fd, text, strlen(text));
  close(fd);
  return written == (ssize_t)strlen(text) ? 0 : -1;
}

static int map_one(const char *file, uint32_t inside, uint32_t outside) {
  char text[64];
  snprintf(text, sizeof text, "%u %u 1\n", inside, outside);
  return write_text(file, text);
}

/* Folders above `path` (relative), and the path itself as a folder or an empty file. */
static int make_place(const char *path, int folder) {
  char part[4096];
  snprintf(part, sizeof part, "%s", path);
  for (char *slash = strchr(part, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    if (mkdir(part, 0755) && errno != EEXIST) return -1;
    *slash = '/';
  }
  if (folder) return mkdir(part, 0755) && errno != EEXIST ? -1 : 0;
  int fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
  return fd < 0 ? -1 : close(fd);
}

/* The flags that a mount has already and that a user namespace may not take away. */
static unsigned long kept_flags(const char *path) {
  struct {
    uint64_t st, flag;
  } table[] = {{ST_NOATIME, MS_NOATIME}, {ST_NODIRATIME, MS_NODIRATIME}, {ST_RELATIME, MS_RELATIME},
               {ST_NOEXEC, MS_NOEXEC}};
  struct statvfs info;
  unsigned long flags = 0;
  if (statvfs(path, &info)) return 0;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (info.f_flag & table[i].st) flags |= table[i].flag;
  return flags;
}

/* Everything from `target` down: read-only, without devices and without programs that change uid.
 * Kernels before 5.12 cannot do it in one step: there such a slot does not stand. */
static int seal_tree(const char *target, unsigned long more) {
  struct {
    uint64_t set, clear, propagation, userns;
  } change = {.set = ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV | (more & MS_NOEXEC ? ATTR_NOEXEC : 0)};
  return (int)syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &change, sizeof change);
}

static int bind_read_only(const char *source, const char *target, unsigned long more) {
  struct stat info;
  if (stat(source, &info)) return -1;
  if (make_place(target, S_ISDIR(info.st_mode))) return -1;
  /* Without MS_REC: what is mounted below the source stays outside. */
  if (mount(source, target, NULL, MS_BIND, NULL)) {
    if (errno != EINVAL) return -1;
    /* A user namespace may not tear a locked submount off. It comes along, and may have been
     * writable: none of it stays so. */
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL)) return -1;
    return seal_tree(target, more);
  }
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | more | kept_flags(target);
  return mount(NULL, target, NULL, flags, NULL);
}

static void build_root(const struct options *options, struct slot *slot) {
  int socket = slot->socket;
  char data[128];
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) fail(socket, "make mounts private");
  if (mount("solver", options->root, "tmpfs", MS_NOSUID, "size=1m,nr_inodes=4096,mode=755"))
    fail(socket, "mount the new root");
  if (chdir(options->root)) fail(socket, "enter the new root");
  for (int i = 0; i < options->n_entries; i++) {
    const struct entry *entry = &options->entries[i];
    const char *target = entry->target + 1; /* they are absolute; we stand in the new root */
    if (entry->is_link) {
      if (make_place(target, 0) || unlink(target) || symlink(entry->source, target))
        fail(socket, entry->target);
    } else if (bind_read_only(entry->source, target, MS_NODEV)) {
      fail(socket, entry->source);
    }
  }
  if (!options->passwd || !options->group || make_place("etc/passwd", 0) ||
      write_text("etc/passwd", options->passwd) || write_text("etc/group", options->group))
    fail(socket, "write /etc/passwd");
  if (mkdir("dev", 0755) || mkdir("proc", 0555) || mkdir("box", 0755)) fail(socket, "make folders");
  for (size_t i = 0; i < sizeof DEVICES / sizeof *DEVICES; i++) {
    char source[32], target[32];
    snprintf(source, sizeof source, "/dev/%s", DEVICES[i]);
    snprintf(target, sizeof target, "dev/%s", DEVICES[i]);
    if (bind_read_only(source, target, MS_NOEXEC)) fail(socket, source);
  }
  if (symlink("/proc/self/fd", "dev/fd") || symlink("/proc/self/fd/0", "dev/stdin") ||
      symlink("/proc/self/fd/1", "dev/stdout") || symlink("/proc/self/fd/2", "dev/stderr") ||
      symlink(BOX, "tmp"))
    fail(socket, "make links");
  unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  /* In a container whose own /proc is masked the kernel allows no new one: do without. */
  slot->has_proc = !mount("proc", "proc", "proc", plain, "hidepid=2,subset=pid");
  int used = snprintf(data, sizeof data, "size=%llu,nr_inodes=%llu,mode=1777",
                      (unsigned long long)options->work_bytes, (unsigned long long)options->work_files);
  if (options->program_uid)
    snprintf(data + used, sizeof data - (size_t)used, ",uid=%u,gid=%u", options->helper_uid,
             options->helper_uid);
  if (mount("box", "box", "tmpfs", MS_NOSUID | MS_NODEV, data)) fail(socket, "mount the work folder");
  if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
    fail(socket, "enter the new root");
  if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL))
    fail(socket, "make the root read-only");
}

void isolate(const struct options *options, struct slot *slot, int keeper) {
  int socket = slot->socket;
  char byte = 'u';
  if (keeper < 0) { /* unprivileged, before everything else */
    uint32_t uid = geteuid(), gid = getegid();
    if (unshare(CLONE_NEWUSER)) fail(socket, "make a user namespace");
    if (write_text("/proc/self/setgroups", "deny") ||
        map_one("/proc/self/uid_map", PROGRAM_UID, uid) ||
        map_one("/proc/self/gid_map", PROGRAM_UID, gid))
      fail(socket, "map the uid");
    return;
  }
  if (unshare(CLONE_NEWNS)) fail(socket, "unshare mounts");
  if (sethostname("box", 3)) fail(socket, "set the host name");
  build_root(options, slot);
  slot->own_uids = options->program_uid != 0;
  if (slot->own_uids) {
    if (unshare(CLONE_NEWUSER)) fail(socket, "make a user namespace");
    if (write(keeper, &byte, 1) != 1 || read(keeper, &byte, 1) != 1 || byte != 'm')
      fail(socket, "map the uids");
    if (setgroups(0, NULL) || setresgid(0, 0, 0) || setresuid(0, 0, 0)) fail(socket, "become the helper");
  }
  close(keeper);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) fail(socket, "die with the keeper");
}

static pid_t kept;

static void on_term(int signal) {
  (void)signal;
  kill(kept, SIGKILL);
}

/* The keeper stays outside: it maps the uids, ends the zygote when it is told to, and is gone only
 * when the kernel has taken the whole namespace down. */
int keep(pid_t zygote, int sync, const struct options *options) {
  kept = zygote;
  struct sigaction action = {.sa_handler = on_term};
  sigaction(SIGTERM, &action, NULL);
  char byte;
  if (options->program_uid != 0 && read(sync, &byte, 1) == 1) {
    char text[128], path[64];
    snprintf(text, sizeof text, "0 %u 1\n%d %u 1\n", options->helper_uid, PROGRAM_UID, options->program_uid);
    snprintf(path, sizeof path, "/proc/%d/uid_map", zygote);
    int failed = write_text(path, text);
    snprintf(path, sizeof path, "/proc/%d/gid_map", zygote);
    failed |= write_text(path, text);
    byte = failed ? 'f' : 'm';
    if (write(sync, &byte, 1) != 1) kill(zygote, SIGKILL);
  }
  close(sync);
  int status = 0;
  while (waitpid(zygote, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
