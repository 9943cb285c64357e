/* The start of a run: what the program reads and writes, and the child up to its exec. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

static void set_limit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit limit = {soft, hard};
  syscall(SYS_prlimit64, 0, resource, &limit, NULL);
}

/* The program is not there yet: what fails is never its fault. */
static _Noreturn void give_up(struct launch *launch) {
  launch->error = errno ? errno : EIO;
  launch->ours = 1;
  _exit(127);
}

/* Runs in the child, which shares our memory until it calls exec: system calls only. */
int launch_child(void *argument) {
  struct launch *launch = argument;
  struct job *job = launch->job;
  const struct run_request *r = &job->r;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (!launch->slot->contained) { /* in an out-of-memory program, not we, should go */
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
      ssize_t unused = write(fd, "1000", 4);
      (void)unused;
      close(fd);
    }
  }
  if (dup2(launch->in, 0) < 0 || dup2(launch->out, 1) < 0 || dup2(launch->err, 2) < 0) give_up(launch);
  for (uint32_t i = 0; i < r->fds; i++)
    if (job->targets[i] > 2 && dup2(job->passed[i], (int)job->targets[i]) < 0) give_up(launch);
  uint64_t seconds = r->cpu_ns / 1000000000u + 2, file = r->output_bytes;
  if (r->disk_bytes > file && (r->keeps || r->files || r->folders)) file = r->disk_bytes;
  set_limit(RLIMIT_CPU, seconds, seconds + 1);
  set_limit(RLIMIT_FSIZE, file + 1, file + 1);
  set_limit(RLIMIT_NOFILE, r->open_files, r->open_files);
  if (!account_has(PROCESSES_MAX) && !launch->slot->contained) {
    /* Counted for each uid of a user namespace: where it is ours too, the keeper and we count. */
    uint64_t processes = r->processes + (launch->slot->own_uids ? 0 : 2);
    set_limit(RLIMIT_NPROC, processes, processes);
  }
  if (!account_has(MEMORY_LIMIT)) /* a stop for single great demands; the rest is watched */
    set_limit(RLIMIT_AS, 4 * r->memory_bytes + (1ull << 32), 4 * r->memory_bytes + (1ull << 32));
  /* A process group, but no session: that would make a scheduling group for each run. */
  setpgid(0, 0);
  if (launch->slot->own_uids && (syscall(SYS_setresgid, PROGRAM_UID, PROGRAM_UID, PROGRAM_UID) ||
                                 syscall(SYS_setresuid, PROGRAM_UID, PROGRAM_UID, PROGRAM_UID)))
    give_up(launch);
  if (r->program != NONE) syscall(SYS_execveat, placed(r->program), "", job->argv, job->env, AT_EMPTY_PATH);
  else syscall(SYS_execve, job->argv[0], job->argv, job->env);
  launch->error = errno;
  /* Too many processes of that uid, or open files on the host: no fault of the program's either. */
  launch->ours = errno == EAGAIN || errno == EMFILE || errno == ENFILE;
  _exit(127);
}

int open_stdin(struct job *job) {
  for (uint32_t i = 0; i < job->r.fds; i++)
    if (job->targets[i] == 0) return fcntl(job->passed[i], F_DUPFD_CLOEXEC, 3);
  if (job->r.stdin_id == NONE) {
    int fd = new_memfd("stdin");
    if (fd >= 0 && job->r.stdin_bytes &&
        pwrite(fd, job->stdin_content, job->r.stdin_bytes, 0) != (ssize_t)job->r.stdin_bytes) {
      close(fd);
      return -1;
    }
    if (fd >= 0) seal(fd);
    return fd;
  }
  /* A description of its own: offset, flags and locks are not shared with other runs. */
  char path[64] = "/proc/self/fd/";
  char digits[16];
  int value = placed(job->r.stdin_id), length = 0;
  if (value < 0) return -1;
  do digits[length++] = (char)('0' + value % 10);
  while (value /= 10);
  char *at = path + strlen(path);
  while (length) *at++ = digits[--length];
  *at = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) return fd;
  /* No /proc here: a copy serves as well. */
  struct stat info;
  if (fstat(placed(job->r.stdin_id), &info)) return -1;
  return sealed_copy(placed(job->r.stdin_id), (uint64_t)info.st_size);
}

/* What the program writes to; -1 where we have no descriptor or no memory left for it. */
int open_output(struct job *job, struct launch *launch, struct outcome *o) {
  int passed = -1;
  for (uint32_t i = 0; i < job->r.fds; i++)
    if (job->targets[i] == 1) passed = job->passed[i];
  o->stderr_fd = launch->err = new_memfd("stderr");
  if (o->stderr_fd < 0) return -1;
  if (passed < 0) passed = o->stdout_fd = new_memfd("stdout");
  launch->out = passed;
  return passed < 0 ? -1 : 0;
}
