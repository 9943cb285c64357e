/* One run: start, watch, end, collect. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#define SCAN_NS 10000000  /* how often /proc is read where there is no cgroup, and pipes are looked at */
#define WATCH_NS 250000000 /* how often output and disk are looked at */
#define SHORTEST_NS 500000
#define EXITING 0x4 /* PF_EXITING among the flags in /proc/PID/stat */

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void count(const struct rusage *usage) {
  uint64_t us = (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000u +
                (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
  account_reaped(us * 1000, (uint64_t)usage->ru_maxrss * 1024);
}

/* Reaps whatever has ended. Returns 1 once the main process has. */
static int reap(pid_t main_pid, int *status, uint64_t *end_ns) {
  int ended = 0;
  for (;;) {
    int state;
    struct rusage usage;
    pid_t pid = wait4(-1, &state, WNOHANG | __WALL, &usage);
    if (pid <= 0) return ended;
    count(&usage);
    if (pid == main_pid) {
      *status = state;
      *end_ns = now_ns();
      ended = 1;
    }
  }
}

static void sleep_for(uint64_t ns) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
  sigtimedwait(&set, NULL, &t);
}

/* Whether descriptor `fd` of a process is the pipe that ours is, as far as we may look: in a
 * container we may not while it becomes another program. */
static int has_pipe(pid_t pid, uint32_t fd, int ours) {
  struct stat info;
  char path[48], want[32], found[32];
  if (fstat(ours, &info)) return 0;
  snprintf(path, sizeof path, "/proc/%d/fd/%u", pid, fd);
  int length = snprintf(want, sizeof want, "pipe:[%lu]", (unsigned long)info.st_ino);
  ssize_t got = readlink(path, found, sizeof found);
  return got < 0 ? errno == EACCES : got == length && !memcmp(found, want, (size_t)length);
}

/* Whether a process is on its way out: its descriptors are closed before its parent hears of it. */
static int exiting(pid_t pid) {
  char path[48], text[512], state;
  unsigned flags;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) return 0;
  text[length] = 0;
  char *name_end = strrchr(text, ')'); /* a name may hold anything */
  return name_end && sscanf(name_end + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags) == 2 &&
         (state == 'Z' || flags & EXITING);
}

/* Closes our copies of the pipes' ends that the program itself has closed; all of them with pid 0.
 * Returns how many are left. While we hold one, the program's partner sees no end of file and no
 * broken pipe. So when a program ends, the time is taken first and its partner learns of it after:
 * what the partner does about it can never seem to come before. A program that closes a pipe and
 * goes on is found out here. Without /proc nothing is held. */
static int let_go(struct job *job, pid_t pid) {
  int left = 0;
  for (uint32_t i = 0; i < job->r.fds; i++) {
    if (job->passed[i] < 0) continue;
    if (pid > 0 && (has_pipe(pid, job->targets[i], job->passed[i]) || exiting(pid))) {
      left++;
      continue;
    }
    close(job->passed[i]);
    job->passed[i] = -1;
  }
  return left;
}

static int caller_gone(struct slot *slot) {
  struct pollfd p = {.fd = slot->socket, .events = 0};
  return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR);
}

struct watch {
  struct slot *slot;
  struct job *job;
  struct usage_start start;
  uint64_t start_ns, given_bytes, told_ns;
  int out;
};

/* Which limit the run is over now, and in how many ns it is worth asking again. The wall limit is
 * for the time in which the program could have run; what it waited for a processor is the
 * machine's, up to the hard stop of the clock. */
static enum limit_kind check(const struct watch *w, uint64_t *again_ns) {
  const struct run_request *r = &w->job->r;
  uint64_t clock = now_ns() - w->start_ns, wall = clock - waits_ns(), cpu = account_cpu(&w->start);
  /* First: a flood that is found at the moment its time is up has passed this limit before. */
  if (w->out >= 0) {
    struct stat info;
    if (!fstat(w->out, &info) && S_ISREG(info.st_mode) && (uint64_t)info.st_size > r->output_bytes)
      return OVER_OUTPUT;
  }
  if (cpu > r->cpu_ns) return OVER_CPU;
  if (wall >= r->wall_ns || clock >= r->clock_ns) return OVER_WALL;
  if (account_oom()) return OVER_MEMORY; /* the kernel ended one of several processes */
  uint64_t cpu_left = (r->cpu_ns - cpu) / (unsigned)w->slot->cores + 1, wall_left = r->wall_ns - wall;
  if (r->clock_ns - clock < wall_left) wall_left = r->clock_ns - clock;
  uint64_t again = cpu_left < wall_left ? cpu_left : wall_left;
  /* The cgroup's own limit leaves room for output; this holds what processes use themselves. */
  if (account_resident() > r->memory_bytes) return OVER_MEMORY;
  if (!account_has(MEMORY_LIMIT) && again > SCAN_NS) again = SCAN_NS;
  if (again > WATCH_NS) again = WATCH_NS;
  *again_ns = again > SHORTEST_NS ? again : SHORTEST_NS;
  return NO_LIMIT;
}

/* The caller watches the clock too: it hears of what was waited before the run is overdue there. */
static void tell_waited(struct watch *w, const struct channel *channel) {
  uint64_t next_look = now_ns() - w->start_ns + WATCH_NS;
  if (waits_ns() <= w->told_ns || next_look < w->job->r.wall_ns + w->told_ns) return;
  w->told_ns = waits_ns();
  channel->tell_waited(w->told_ns);
}

/* Ends every process of the slot but us, and waits until the last is gone. Orphans are given to
 * us, so having no child means that there is nobody; kill(-1) looks at every process of the host,
 * and most runs leave nobody. */
static void end_all(void) {
  struct rusage usage;
  for (;;) {
    pid_t pid = wait4(-1, NULL, __WALL | WNOHANG, &usage);
    if (pid == 0) {
      kill(-1, SIGKILL);
      pid = wait4(-1, NULL, __WALL, &usage);
    }
    if (pid < 0 && errno == ECHILD) return;
    if (pid > 0) count(&usage);
  }
}

static void finish(const struct watch *w, struct outcome *o, enum limit_kind over) {
  const struct run_request *r = &w->job->r;
  struct stat info;
  int signal = WIFSIGNALED(o->r.wait_status) ? WTERMSIG(o->r.wait_status) : 0;
  int failed = o->r.wait_status != 0;
  o->r.cpu_ns = account_cpu(&w->start);
  o->r.memory_bytes = account_memory(&w->start, &o->r.memory_source);
  if (o->stdout_fd >= 0 && !fstat(o->stdout_fd, &info)) {
    o->r.stdout_size = (uint64_t)info.st_size;
    if (o->r.stdout_size > r->output_bytes) {
      if (over == NO_LIMIT) over = OVER_OUTPUT;
      o->r.stdout_size = r->output_bytes;
      if (ftruncate(o->stdout_fd, (off_t)o->r.stdout_size)) o->r.stdout_size = 0;
    }
    if (o->r.stdout_size > INLINE_STDOUT) seal(o->stdout_fd);
  }
  if (!fstat(o->stderr_fd, &info)) {
    uint64_t most = r->output_bytes < MAX_STDERR ? r->output_bytes : MAX_STDERR;
    o->r.stderr_bytes = (uint32_t)((uint64_t)info.st_size < most ? (uint64_t)info.st_size : most);
    if ((uint64_t)info.st_size > r->output_bytes && over == NO_LIMIT) over = OVER_OUTPUT;
  }
  if (over == NO_LIMIT && account_oom()) over = OVER_MEMORY;
  /* A SIGXCPU below the limit is one that the program sent itself. */
  if (over == NO_LIMIT && o->r.cpu_ns > r->cpu_ns) over = OVER_CPU;
  if (over == NO_LIMIT && o->r.memory_bytes > r->memory_bytes) over = OVER_MEMORY;
  if (over == NO_LIMIT && work_over(w->slot, r->disk_bytes, r->files_max, w->given_bytes)) over = OVER_DISK;
  if (over == NO_LIMIT && signal == SIGXFSZ) over = OVER_DISK;
  if (over == NO_LIMIT && failed && account_process_failures(&w->start)) over = OVER_PROCESSES;
  o->r.limit = over;
}

void run_job(struct slot *slot, struct job *job, struct outcome *o, const struct channel *channel) {
  static char stack[64 * 1024] __attribute__((aligned(16)));
  struct watch w = {.slot = slot, .job = job, .out = -1};
  struct launch launch = {.slot = slot, .job = job, .in = -1};
  int status = 0, error = work_prepare(slot, job, &w.given_bytes);
  o->r.step = STEP_FILES;
  if (!error && (launch.in = open_stdin(job)) < 0) error = errno ? errno : EBADF;
  if (!error) {
    o->r.step = STEP_OUTPUT;
    if (open_output(job, &launch, o)) error = errno ? errno : EBADF;
  }
  if (error && launch.in >= 0) close(launch.in);
  if (!error) {
    w.out = o->stdout_fd;
    account_begin(&job->r, w.given_bytes, &w.start);
    w.start_ns = now_ns();
    waits_begin(w.start_ns);
    o->r.step = STEP_FORK;
    pid_t pid = clone(launch_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &launch);
    error = pid < 0 ? errno : launch.error;
    /* A compiled program that cannot be executed is at fault itself: it exits with 127. */
    if (launch.error && !launch.ours && job->r.program != NONE) error = 0;
    if (pid >= 0 && !launch.ours) o->r.step = error ? STEP_EXEC : STARTED;
    close(launch.in);
    /* Sharing our memory with a process that changed its uid made us undumpable. */
    if (!slot->contained) prctl(PR_SET_DUMPABLE, 1);
    enum limit_kind over = NO_LIMIT;
    uint64_t again_ns = job->r.cpu_ns < WATCH_NS ? job->r.cpu_ns : WATCH_NS;
    if (again_ns > job->r.wall_ns) again_ns = job->r.wall_ns;
    if (!account_has(MEMORY_LIMIT) && again_ns > SCAN_NS) again_ns = SCAN_NS;
    int ended = pid < 0;
    o->r.end_ns = w.start_ns;
    while (!ended) {
      if (let_go(job, pid) && again_ns > SCAN_NS) again_ns = SCAN_NS;
      int held = channel->unsent() && again_ns > JOIN_NS;
      sleep_for(held ? JOIN_NS : again_ns);
      waits_look(&w.start, now_ns());
      ended = reap(pid, &status, &o->r.end_ns);
      if (ended) break;
      if (held) {
        channel->flush();
        continue;
      }
      if (caller_gone(slot)) _exit(0);
      over = check(&w, &again_ns);
      if (over == NO_LIMIT) tell_waited(&w, channel);
      if (over != NO_LIMIT) {
        kill(-1, SIGKILL);
        while (!(ended = reap(pid, &status, &o->r.end_ns))) sleep_for(WATCH_NS);
      }
    }
    let_go(job, 0);
    end_all();
    o->r.wait_status = (uint32_t)status;
    o->r.wall_ns = o->r.end_ns - w.start_ns;
    o->r.waited_ns = waits_ns() < o->r.wall_ns ? waits_ns() : o->r.wall_ns;
    finish(&w, o, over);
  }
  o->r.error = (uint32_t)error;
  uint64_t bytes_left = job->r.disk_bytes + w.given_bytes;
  if (!error)
    for (uint32_t i = 0; i < job->r.keeps; i++) {
      int fd = work_keep(slot, job->keep_names[i], &bytes_left);
      if (fd < 0) continue;
      o->kept_index[o->r.kept] = i;
      o->kept_fds[o->r.kept++] = fd;
    }
  if (work_clean(slot)) _exit(4); /* a new slot is cleaner than an unclean one */
}
