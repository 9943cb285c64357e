/* The worker protocol: what goes over the socket between a sandbox (Python) and its helper (C).
 *
 * The helper is the only process of ours that shares namespaces with an untrusted program. It is
 * PID 1 of a slot: it starts programs, enforces their limits, ends what is left of them, empties
 * the work folder, and reports. Python never opens a path that a program could have written to.
 *
 * Transport: one connected AF_UNIX SOCK_SEQPACKET socket, given to the helper as `--socket FD`.
 * Everything is little-endian and packed. A packet is a sequence of records, each `struct record`
 * (kind, bytes of payload) and its payload. Descriptors (SCM_RIGHTS) of a packet belong to its
 * records in order. Limits: a packet up to MAX_PACKET bytes, MAX_PACKET_FDS descriptors.
 *
 * Python -> helper
 *   SETUP   struct setup, then u32 role per descriptor: cgroup control files, opened by Python.
 *           At most once, first. Without it the helper limits by rlimits and by reading /proc.
 *   PLACE   u32 id; one descriptor of a sealed memfd: content that runs refer to by id
 *   DROP    u32 id: forget it
 *   RUN     struct run_request, then:
 *             u32 target[fds]          descriptor numbers for the passed descriptors (pipes); a
 *                                      target of 0 or 1 replaces stdin or stdout
 *             u32 content[files]       ids of placed content that is copied into the work folder
 *             NUL-terminated strings: argv, env, names of files, names to keep, folders to make
 *             stdin_bytes bytes        the standard input, when `stdin_id` is NONE
 *           Runs are done one after the other; each gets exactly one RESULT, in order. Several may
 *           be on their way, so that the worker never waits for Python.
 *
 * helper -> Python
 *   READY   struct ready: the slot stands
 *   FAILED  text: the slot could not be set up; the helper exits
 *   RESULT  struct run_result, then u32 index of each kept file, stdout (if inline), stderr;
 *           descriptors: stdout's sealed memfd (if not inline), then one sealed memfd a kept file
 *   WAITED  struct waited: the run that is going on has waited for a processor for so long, which does
 *           not count against its wall limit. Sent when the clock alone would make it overdue.
 *   Results may be joined into one packet while more runs are waiting, for at most JOIN_NS.
 *
 * Modes: by default the helper makes the namespaces, the read-only root and the work folder itself
 * (see isolate.c). With `--contained` it takes the place that it is started in: PID 1 of a
 * container whose runtime has done so; the work folder /box must be a tmpfs there, and the socket
 * comes as `--connect PATH`. Everything else is the same. End of file on the socket ends the helper, and with it everything in the slot.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

#define PROTOCOL_VERSION 2
#define MAX_PACKET (200 * 1024)
#define MAX_PACKET_FDS 200
#define MAX_PIPES 128 /* of one job: a manager of 64 processes; below 253, what one message may carry */
#define NONE 0xffffffffu
#define INLINE_STDOUT (16 * 1024)
#define MAX_STDERR (64 * 1024)
#define JOIN_NS 8000000
#define MAX_PLACED 4096

enum kind { SETUP = 1, PLACE = 2, DROP = 3, RUN = 4, READY = 16, FAILED = 17, RESULT = 18, WAITED = 19 };

/* What a descriptor of SETUP is. v1 and v2 files differ in format, not in meaning. */
enum role {
  CPU_USAGE = 1,   /* v1 cpuacct.usage (ns) */
  CPU_STAT,        /* v2 cpu.stat (usage_usec) */
  MEMORY_CURRENT,  /* v1 memory.usage_in_bytes, v2 memory.current */
  MEMORY_PEAK,     /* v1 memory.max_usage_in_bytes, v2 memory.peak; writing resets it */
  MEMORY_LIMIT,    /* v1 memory.limit_in_bytes, v2 memory.max */
  MEMORY_SWAP,     /* v1 memory.memsw.limit_in_bytes (memory and swap together) */
  MEMORY_EVENTS,   /* a file with a line "oom_kill N": v1 memory.oom_control, v2 memory.events */
  PROCESSES_MAX,   /* pids.max */
  PROCESSES_EVENTS, /* a file with a line "max N": pids.events */
  MEMORY_STAT,     /* memory.stat: a line "rss N" in v1, "anon N" in v2 */
  CPU_PRESSURE     /* v2 cpu.pressure: the line "full ... total=N" (us) */
};
#define ROLES 12

enum limit_kind { NO_LIMIT, OVER_CPU, OVER_WALL, OVER_MEMORY, OVER_OUTPUT, OVER_PROCESSES, OVER_DISK };
enum memory_source { FROM_RUSAGE, FROM_CGROUP_V1, FROM_CGROUP_V2 };

/* Why a run did not start: not the program's fault, or not only. */
enum step { STARTED, STEP_FILES, STEP_EXEC, STEP_FORK, STEP_REQUEST, STEP_OUTPUT };

struct record {
  uint32_t kind, bytes;
} __attribute__((packed));

struct setup {
  uint32_t cgroup_version; /* of the memory files: 1 or 2 */
  uint32_t fds;
} __attribute__((packed));

struct ready {
  uint32_t version;
  uint32_t own_uids;  /* 1: programs run under another uid than the helper */
  uint32_t proc;      /* 1: /proc is there */
} __attribute__((packed));

struct waited {
  uint64_t waited_ns;
} __attribute__((packed));

struct run_request {
  uint64_t cpu_ns;
  uint64_t wall_ns;  /* of the time in which the program could have run */
  uint64_t clock_ns; /* of the clock, whatever the program waited for */
  uint64_t memory_bytes, output_bytes, disk_bytes;
  uint32_t processes, open_files, files_max;
  uint32_t program; /* id of the placed executable, or NONE: argv[0] is a path */
  uint32_t stdin_id, stdin_bytes;
  uint32_t fds, files, argc, envc, keeps, folders;
};

struct run_result {
  uint32_t wait_status, limit, step, error;
  uint64_t cpu_ns, wall_ns, waited_ns, end_ns, memory_bytes, stdout_size;
  uint32_t memory_source;
  uint32_t stdout_inline; /* bytes that follow, or NONE: a descriptor comes along (or a pipe had it) */
  uint32_t stdout_fd;     /* 1: the first descriptor is stdout */
  uint32_t stderr_bytes, kept, reserved;
};

#endif
