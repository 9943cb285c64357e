/* Reads the command line, makes the slot, serves runs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"

static struct options options = {.socket = -1, .core = -1, .work_bytes = 64 << 20, .work_files = 1024};
static struct slot slot;

static char *next(char ***arg) {
  if (!*++*arg) {
    fprintf(stderr, "missing value\n");
    exit(2);
  }
  return **arg;
}

/* A container is handed no descriptors: there the socket has a path, for one connection. */
static int reach(const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0 || strlen(path) >= sizeof to.sun_path) return -1;
  memcpy(to.sun_path, path, strlen(path));
  return connect(fd, (struct sockaddr *)&to, sizeof to) ? -1 : fd;
}

static void parse(char **arg) {
  while (*++arg) {
    const char *name = *arg;
    if (!strcmp(name, "--contained")) options.contained = 1;
    else if (!strcmp(name, "--socket")) options.socket = atoi(next(&arg));
    else if (!strcmp(name, "--connect")) options.socket = reach(next(&arg));
    else if (!strcmp(name, "--core")) options.core = atoi(next(&arg));
    else if (!strcmp(name, "--root")) options.root = next(&arg);
    else if (!strcmp(name, "--passwd")) options.passwd = next(&arg);
    else if (!strcmp(name, "--group")) options.group = next(&arg);
    else if (!strcmp(name, "--work-bytes")) options.work_bytes = strtoull(next(&arg), 0, 10);
    else if (!strcmp(name, "--work-files")) options.work_files = strtoull(next(&arg), 0, 10);
    else if (!strcmp(name, "--uids")) {
      options.helper_uid = (uint32_t)strtoul(next(&arg), 0, 10);
      options.program_uid = (uint32_t)strtoul(next(&arg), 0, 10);
    } else if (!strcmp(name, "--join") && options.joins < 8) options.join[options.joins++] = atoi(next(&arg));
    else if ((!strcmp(name, "--bind") || !strcmp(name, "--link")) && options.n_entries < MAX_ENTRIES) {
      struct entry *entry = &options.entries[options.n_entries++];
      entry->is_link = !strcmp(name, "--link");
      entry->source = next(&arg);
      entry->target = next(&arg);
    } else {
      fprintf(stderr, "unknown argument: %s\n", name);
      exit(2);
    }
  }
}

/* Our own descriptors live above those that programs may be given. */
static int lift(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 256);
  if (high < 0) return fd;
  close(fd);
  return high;
}

/* Limits of whoever calls us would become a program's verdict; the stack has none but memory. Lifted
   here, before anybody is forked: from outside it could come too late. */
static void lift_limits(void) {
  static const int kinds[] = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_STACK};
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY}, own;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!setrlimit(kinds[i], &none) || getrlimit(kinds[i], &own)) continue;
    own.rlim_cur = own.rlim_max; /* not root: as far as we may */
    setrlimit(kinds[i], &own);
  }
}

int main(int argc, char **argv) {
  (void)argc;
  lift_limits();
  parse(argv);
  if (options.socket < 0) {
    fprintf(stderr, "usage: helper --socket FD | --connect PATH [--contained] ... (see protocol.h)\n");
    return 2;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  slot.socket = lift(options.socket);
  slot.contained = options.contained;
  if (options.core >= 0) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(options.core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores)) fail(slot.socket, "pin to a core");
  }
  cpu_set_t cores;
  slot.cores = sched_getaffinity(0, sizeof cores, &cores) ? 1 : CPU_COUNT(&cores);
  for (int i = 0; i < options.joins; i++) {
    if (write(options.join[i], "0", 1) != 1) fail(slot.socket, "enter the cgroup");
    close(options.join[i]);
  }
  umask(0);
  own_processes = options.contained ? 1 : 2;
  if (options.contained) {
    slot.has_proc = !access("/proc/self/fd", F_OK);
    if (prctl(PR_SET_DUMPABLE, 0)) fail(slot.socket, "hide from programs");
  } else {
    int sync[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sync)) fail(slot.socket, "socketpair");
    if (geteuid() != 0) isolate(&options, &slot, -1); /* the user namespace comes first */
    if (unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID)) fail(slot.socket, "unshare");
    if (unshare(CLONE_NEWCGROUP) && errno != EINVAL) fail(slot.socket, "unshare cgroup");
    pid_t zygote = fork();
    if (zygote < 0) fail(slot.socket, "fork");
    if (zygote > 0) {
      close(slot.socket);
      close(sync[1]);
      return keep(zygote, sync[0], &options);
    }
    close(sync[0]);
    isolate(&options, &slot, sync[1]);
  }
  slot.box = lift(open(BOX, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (slot.box < 0 || chdir(BOX)) fail(slot.socket, "open the work folder");
  setsid();
  return serve(&slot);
}
