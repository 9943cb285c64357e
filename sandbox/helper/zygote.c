/* The loop of a slot's PID 1: packets in, runs, packets out. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

static unsigned char in[MAX_PACKET], out[MAX_PACKET];
static int in_fds[MAX_PACKET_FDS], out_fds[MAX_PACKET_FDS];
static size_t in_bytes, out_bytes;
static int n_in_fds, next_in_fd, n_out_fds;
static struct slot *here;
static struct job job;

static int take_fd(void) { return next_in_fd < n_in_fds ? in_fds[next_in_fd++] : -1; }
static int unsent(void) { return out_bytes > 0; }

static void flush(void) {
  if (!out_bytes) return;
  struct iovec data = {out, out_bytes};
  char control[CMSG_SPACE(sizeof out_fds)];
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  if (n_out_fds) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE((size_t)n_out_fds * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)n_out_fds * sizeof(int));
    memcpy(CMSG_DATA(header), out_fds, (size_t)n_out_fds * sizeof(int));
  }
  while (sendmsg(here->socket, &message, MSG_NOSIGNAL) < 0)
    if (errno != EINTR) _exit(0); /* nobody listens any more */
  for (int i = 0; i < n_out_fds; i++) close(out_fds[i]);
  out_bytes = 0;
  n_out_fds = 0;
}

static void *append(uint32_t kind, size_t bytes) {
  struct record *record = (struct record *)(out + out_bytes);
  record->kind = kind;
  record->bytes = (uint32_t)bytes;
  out_bytes += sizeof *record + bytes;
  return record + 1;
}

static void tell_waited(uint64_t waited_ns) {
  if (out_bytes + sizeof(struct record) + sizeof(struct waited) > MAX_PACKET) flush();
  struct waited *waited = append(WAITED, sizeof *waited);
  waited->waited_ns = waited_ns;
  flush();
}

static const struct channel channel = {flush, unsent, tell_waited};

static void report(struct outcome *o) {
  int stdout_inline = o->stdout_fd >= 0 && o->r.stdout_size <= INLINE_STDOUT;
  o->r.stdout_inline = stdout_inline ? (uint32_t)o->r.stdout_size : 0;
  o->r.stdout_fd = o->stdout_fd >= 0 && !stdout_inline;
  size_t bytes = sizeof o->r + 4 * o->r.kept + o->r.stdout_inline + o->r.stderr_bytes;
  if (out_bytes + bytes + sizeof(struct record) > MAX_PACKET / 2 ||
      n_out_fds + (int)o->r.kept + 1 > MAX_PACKET_FDS)
    flush();
  unsigned char *at = append(RESULT, bytes);
  memcpy(at, &o->r, sizeof o->r);
  at += sizeof o->r;
  memcpy(at, o->kept_index, 4 * o->r.kept);
  at += 4 * o->r.kept;
  if (stdout_inline && pread(o->stdout_fd, at, o->r.stdout_inline, 0) != (ssize_t)o->r.stdout_inline)
    _exit(3);
  at += o->r.stdout_inline;
  if (o->r.stderr_bytes && pread(o->stderr_fd, at, o->r.stderr_bytes, 0) != (ssize_t)o->r.stderr_bytes)
    _exit(3);
  if (o->r.stdout_fd) out_fds[n_out_fds++] = o->stdout_fd;
  else if (o->stdout_fd >= 0) close(o->stdout_fd);
  if (o->stderr_fd >= 0) close(o->stderr_fd);
  for (uint32_t i = 0; i < o->r.kept; i++) out_fds[n_out_fds++] = o->kept_fds[i];
}

/* The next NUL-terminated string of the record, or NULL. */
static char *word(unsigned char **at, unsigned char *end) {
  unsigned char *start = *at, *nul = memchr(start, 0, (size_t)(end - start));
  if (!nul) return NULL;
  *at = nul + 1;
  return (char *)start;
}

static int take_words(const char **words, uint32_t count, uint32_t most, unsigned char **at, unsigned char *end) {
  if (count > most) return -1;
  for (uint32_t i = 0; i < count; i++)
    if (!(words[i] = word(at, end))) return -1;
  return 0;
}

static int parse_run(unsigned char *at, unsigned char *end) {
  if ((size_t)(end - at) < sizeof job.r) return -1;
  memcpy(&job.r, at, sizeof job.r);
  at += sizeof job.r;
  for (uint32_t i = 0; i < MAX_PIPES && i < job.r.fds; i++) job.passed[i] = take_fd();
  if (job.r.fds > MAX_PIPES || job.r.files > 64 || job.r.argc < 1 || job.r.argc > 4095 || job.r.envc > 511 ||
      (size_t)(end - at) < 4 * ((size_t)job.r.fds + job.r.files))
    return -1;
  memcpy(job.targets, at, 4 * job.r.fds);
  at += 4 * job.r.fds;
  memcpy(job.contents, at, 4 * job.r.files);
  at += 4 * job.r.files;
  if (take_words((const char **)job.argv, job.r.argc, 4095, &at, end) ||
      take_words((const char **)job.env, job.r.envc, 511, &at, end) ||
      take_words(job.file_names, job.r.files, 64, &at, end) ||
      take_words(job.keep_names, job.r.keeps, 64, &at, end) ||
      take_words(job.folder_names, job.r.folders, 64, &at, end))
    return -1;
  job.argv[job.r.argc] = NULL;
  job.env[job.r.envc] = NULL;
  job.stdin_content = at;
  return (size_t)(end - at) < job.r.stdin_bytes ? -1 : 0;
}

static void handle(const struct record *record, unsigned char *payload) {
  uint32_t id = 0;
  if (record->bytes >= 4) memcpy(&id, payload, 4);
  if (record->kind == PLACE) {
    if (content_place(id, take_fd())) _exit(3);
  } else if (record->kind == DROP) {
    content_drop(id);
  } else if (record->kind == SETUP) {
    struct setup setup;
    uint32_t roles[ROLES];
    int fds[ROLES];
    if (record->bytes < sizeof setup) _exit(3);
    memcpy(&setup, payload, sizeof setup);
    if (setup.fds > ROLES || record->bytes < sizeof setup + 4 * setup.fds) _exit(3);
    memcpy(roles, payload + sizeof setup, 4 * setup.fds);
    for (uint32_t i = 0; i < setup.fds; i++) fds[i] = take_fd();
    account_setup(&setup, roles, fds);
  } else if (record->kind == RUN) {
    static struct outcome outcome;
    memset(&outcome.r, 0, sizeof outcome.r);
    outcome.stdout_fd = outcome.stderr_fd = -1;
    if (parse_run(payload, payload + record->bytes)) outcome.r.step = STEP_REQUEST;
    else run_job(here, &job, &outcome, &channel);
    for (uint32_t i = 0; i < job.r.fds && i < MAX_PIPES; i++)
      if (job.passed[i] >= 0) close(job.passed[i]);
    report(&outcome);
  } else {
    _exit(3);
  }
}

/* Reads one packet; its descriptors are moved above those that programs may be given. */
static int receive(int flags) {
  struct iovec data = {in, sizeof in};
  char control[CMSG_SPACE(sizeof in_fds)];
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t got = recvmsg(here->socket, &message, flags | MSG_CMSG_CLOEXEC);
  if (got < 0) return -1;
  if (got == 0 || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) _exit(0);
  in_bytes = (size_t)got;
  n_in_fds = next_in_fd = 0;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) {
    n_in_fds = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(in_fds, CMSG_DATA(header), (size_t)n_in_fds * sizeof(int));
  }
  for (int i = 0; i < n_in_fds; i++) {
    int high = fcntl(in_fds[i], F_DUPFD_CLOEXEC, 256);
    close(in_fds[i]);
    in_fds[i] = high;
  }
  return 0;
}

int serve(struct slot *slot) {
  here = slot;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  /* What no program may do, whatever its limits: inherited by all of them. */
  struct rlimit none = {0, 0}, little = {65536, 65536};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_MSGQUEUE, &none);
  setrlimit(RLIMIT_MEMLOCK, &little);
  for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (install_filter()) fail(slot->socket, "install the filter of system calls");
  struct ready *ready = append(READY, sizeof *ready);
  *ready = (struct ready){PROTOCOL_VERSION, (uint32_t)slot->own_uids, (uint32_t)slot->has_proc};
  flush();
  for (;;) {
    if (receive(unsent() ? MSG_DONTWAIT : 0)) {
      if (errno == EAGAIN) flush();
      else if (errno != EINTR) return 0;
      continue;
    }
    size_t at = 0;
    while (at + sizeof(struct record) <= in_bytes) {
      struct record record;
      memcpy(&record, in + at, sizeof record);
      at += sizeof record;
      if (record.bytes > in_bytes - at) return 3;
      handle(&record, in + at);
      at += record.bytes;
    }
  }
}
