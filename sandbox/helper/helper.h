/* What the parts of the helper share. Reading order: protocol.h, main.c, isolate.c, zygote.c (the
 * loop), filter.c, run.c (one run), launch.c (its start), waits.c (what it waited for), account.c
 * (what it used), work.c (its files), content.c (what they hold), report.c (when no slot comes to
 * stand). Calls go down this list and never back: tests/test_house.py. */
#ifndef HELPER_H
#define HELPER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

#define BOX "/box"
#define PROGRAM_UID 1000 /* of programs, inside the slot's user namespace */
#define MAX_ENTRIES 128

struct entry {
  int is_link; /* a symbolic link `target` -> `source`, or a read-only bind of `source` */
  const char *source, *target;
};

struct options {
  int socket, contained, core;
  const char *root; /* an existing folder that the new root is mounted over */
  const char *passwd, *group; /* the texts of /etc/passwd and /etc/group */
  uint64_t work_bytes, work_files;
  uint32_t helper_uid, program_uid; /* on the host, when started as root */
  int join[8], joins;               /* cgroup.procs files to enter */
  struct entry entries[MAX_ENTRIES];
  int n_entries;
};

/* The slot as programs find it. */
struct slot {
  int socket, box, contained;
  int own_uids; /* programs get PROGRAM_UID, which is not ours */
  int has_proc;
  int cores; /* how much faster than the clock CPU time can pass */
};

/* One RUN record, taken apart; pointers lead into the packet. */
struct job {
  struct run_request r;
  uint32_t targets[MAX_PIPES], contents[64];
  int passed[MAX_PIPES];
  char *argv[4096], *env[512];
  const char *file_names[64], *keep_names[64], *folder_names[64];
  const unsigned char *stdin_content;
};

struct usage_start {
  uint64_t cpu_ns, own_ns, memory, process_failures;
};

/* isolate.c */
void isolate(const struct options *options, struct slot *slot, int keeper);
int keep(pid_t zygote, int sync, const struct options *options);
/* filter.c */
int install_filter(void);
/* zygote.c */
int serve(struct slot *slot);
/* launch.c */
struct outcome {
  struct run_result r;
  int stdout_fd, stderr_fd, kept_fds[64];
  uint32_t kept_index[64];
};
struct launch {
  struct slot *slot;
  struct job *job;
  int in, out, err;
  volatile int error, ours; /* why it did not start; whether before the program had a part in it */
};
int launch_child(void *launch);
int open_stdin(struct job *job);
int open_output(struct job *job, struct launch *launch, struct outcome *outcome);
/* run.c */
struct channel { /* what a run may ask of the loop while it goes on */
  void (*flush)(void);
  int (*unsent)(void);
  void (*tell_waited)(uint64_t waited_ns);
};
void run_job(struct slot *slot, struct job *job, struct outcome *outcome, const struct channel *channel);
/* waits.c */
void waits_begin(uint64_t now);
void waits_look(const struct usage_start *start, uint64_t now);
uint64_t waits_ns(void);
/* account.c */
extern uint32_t own_processes; /* of the slot's group: the zygote, and the keeper where there is one */
void account_setup(const struct setup *setup, const uint32_t *roles, const int *fds);
int account_has(int role);
void account_begin(const struct run_request *r, uint64_t given_bytes, struct usage_start *start);
uint64_t account_cpu(const struct usage_start *start);
uint64_t account_resident(void);
void account_reaped(uint64_t cpu_ns, uint64_t peak_bytes);
uint64_t account_memory(const struct usage_start *start, uint32_t *source);
int account_oom(void);
int account_process_failures(const struct usage_start *start);
int account_pressure(uint64_t *waited_ns);
/* work.c */
int work_prepare(struct slot *slot, struct job *job, uint64_t *given_bytes);
int work_keep(struct slot *slot, const char *name, uint64_t *bytes_left);
int work_over(struct slot *slot, uint64_t bytes, uint64_t files, uint64_t given_bytes);
int work_clean(struct slot *slot);
/* content.c */
int content_place(uint32_t id, int fd);
void content_drop(uint32_t id);
int placed(uint32_t id); /* the descriptor of placed content, -1 where there is none */
int new_memfd(const char *name);
int copy_bytes(int target, int source, uint64_t size);
int sealed_copy(int source, uint64_t size);
int seal(int fd);
/* report.c */
_Noreturn void fail(int socket, const char *step);

#endif
