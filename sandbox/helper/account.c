/* What a run used: from the slot's cgroup where there is one, else from /proc and rusage. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#define MIB (1024ull * 1024)

static int files[ROLES]; /* descriptor + 1 */
static uint32_t version;
static uint64_t limit_now, processes_now, kills_seen;
static int resets; /* the peak can be reset */
uint32_t own_processes = 1;
static uint64_t reaped_cpu_ns, reaped_peak, scanned_peak;

int account_has(int role) { return files[role] != 0; }

static ssize_t read_text(int role, char *text, size_t size) {
  ssize_t got = pread(files[role] - 1, text, size - 1, 0);
  text[got > 0 ? got : 0] = 0;
  return got;
}

static uint64_t number(int role) {
  char text[64];
  return files[role] && read_text(role, text, sizeof text) > 0 ? strtoull(text, NULL, 10) : 0;
}

/* The number after `name` at the start of a line. */
static uint64_t field(int role, const char *name) {
  char text[4096];
  if (!files[role] || read_text(role, text, sizeof text) <= 0) return 0;
  size_t length = strlen(name);
  for (char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
    if (!strncmp(line, name, length) && line[length] == ' ') return strtoull(line + length, NULL, 10);
  return 0;
}

static int put(int role, uint64_t value) {
  char text[32];
  int length = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
  return pwrite(files[role] - 1, text, (size_t)length, 0) == length ? 0 : -1;
}

void account_setup(const struct setup *setup, const uint32_t *roles, const int *fds) {
  version = setup->cgroup_version;
  for (uint32_t i = 0; i < setup->fds; i++)
    if (roles[i] < ROLES && fds[i] >= 0) files[roles[i]] = fds[i] + 1;
  kills_seen = field(MEMORY_EVENTS, "oom_kill");
  resets = files[MEMORY_PEAK] && put(MEMORY_PEAK, 0) == 0;
}

static uint64_t own_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t group_cpu_ns(void) {
  if (files[CPU_USAGE]) return number(CPU_USAGE);
  return files[CPU_STAT] ? 1000 * field(CPU_STAT, "usage_usec") : 0;
}

/* Sets the memory limit of the cgroup; when it grows, the one for memory and swap goes first. */
static void limit_memory(uint64_t bytes) {
  if (bytes == limit_now || !files[MEMORY_LIMIT]) return;
  int first = bytes > limit_now && limit_now ? MEMORY_SWAP : MEMORY_LIMIT;
  int second = first == MEMORY_SWAP ? MEMORY_LIMIT : MEMORY_SWAP;
  if (files[first]) put(first, bytes);
  if (files[second]) put(second, bytes);
  limit_now = bytes;
}

void account_begin(const struct run_request *r, uint64_t given_bytes, struct usage_start *start) {
  memset(start, 0, sizeof *start);
  reaped_cpu_ns = reaped_peak = scanned_peak = 0;
  if (files[MEMORY_LIMIT]) {
    /* Output and kept files lie in memory too, and what earlier runs left (cached files of the
     * system, results not yet let go) is charged to the slot: neither is the program's memory. */
    start->memory = number(MEMORY_CURRENT);
    uint64_t beside = start->memory + r->output_bytes + given_bytes + (r->keeps ? r->disk_bytes : 0);
    limit_memory((r->memory_bytes + beside + 4 * MIB) / (4 * MIB) * (4 * MIB));
    if (resets) put(MEMORY_PEAK, 0);
  }
  if (files[PROCESSES_MAX] && processes_now != r->processes) {
    if (put(PROCESSES_MAX, r->processes + own_processes) == 0) processes_now = r->processes;
  }
  start->process_failures = field(PROCESSES_EVENTS, "max");
  start->own_ns = own_ns();
  start->cpu_ns = group_cpu_ns();
}

/* Sums a number over all processes of the slot but us, by reading /proc. */
static uint64_t scan(int cpu) {
  uint64_t sum = 0;
  DIR *folder = opendir("/proc");
  if (!folder) return 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    int pid = atoi(entry->d_name);
    char path[64], text[1024];
    if (pid <= 1) continue;
    snprintf(path, sizeof path, "/proc/%d/%s", pid, cpu ? "stat" : "statm");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = 0;
    unsigned long long a = 0, b = 0;
    char *rest = cpu ? strrchr(text, ')') : text;
    if (cpu && rest && sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &a, &b) == 2)
      sum += (a + b) * (1000000000u / (unsigned long long)sysconf(_SC_CLK_TCK));
    if (!cpu && sscanf(text, "%*u %llu", &a) == 1) sum += a * (unsigned long long)sysconf(_SC_PAGESIZE);
  }
  closedir(folder);
  return sum;
}

void account_reaped(uint64_t cpu_ns, uint64_t peak_bytes) {
  reaped_cpu_ns += cpu_ns;
  if (peak_bytes > reaped_peak) reaped_peak = peak_bytes;
}

uint64_t account_cpu(const struct usage_start *start) {
  if (!files[CPU_USAGE] && !files[CPU_STAT]) return reaped_cpu_ns + scan(1);
  uint64_t used = group_cpu_ns() - start->cpu_ns, ours = own_ns() - start->own_ns;
  return used > ours ? used - ours : 0;
}

/* How long, so far, the slot could have run and nothing of it did; -1 where the kernel does not say. */
int account_pressure(uint64_t *waited_ns) {
  char text[256];
  if (!files[CPU_PRESSURE] || read_text(CPU_PRESSURE, text, sizeof text) <= 0) return -1;
  const char *line = strstr(text, "full "), *total = line ? strstr(line, "total=") : NULL;
  if (!total) return -1; /* a kernel before 5.13 */
  *waited_ns = 1000 * strtoull(total + 6, NULL, 10);
  return 0;
}

/* The memory of all processes now, without files and output. */
uint64_t account_resident(void) {
  uint64_t now;
  if (files[MEMORY_STAT]) now = field(MEMORY_STAT, version == 2 ? "anon" : "rss");
  else if (files[MEMORY_LIMIT]) return 0;
  else now = scan(0);
  if (now > scanned_peak) scanned_peak = now;
  return now;
}

/* The peak of the run, after everything of it has ended: what is charged to the slot by then is
 * output and cached files. Some of that came after the peak and hides it: memory that is freed
 * before the program prints. So what the largest process had at its peak counts too, as far as the
 * slot was charged for it, and what was seen while it ran. Of a program of several processes a peak
 * of less than WATCH_NS (run.c) before its output can still be missed, by the bytes of output. */
uint64_t account_memory(const struct usage_start *start, uint32_t *source) {
  if (files[MEMORY_PEAK] && resets) {
    uint64_t left = number(MEMORY_CURRENT), peak = number(MEMORY_PEAK);
    *source = version == 2 ? FROM_CGROUP_V2 : FROM_CGROUP_V1;
    uint64_t used = peak > left ? peak - left : 0;
    if (left > start->memory + MIB) {
      uint64_t charged = peak > start->memory ? peak - start->memory : 0;
      uint64_t largest = reaped_peak > scanned_peak ? reaped_peak : scanned_peak;
      if (largest > charged) largest = charged;
      if (largest > used) used = largest;
    }
    /* The kernel charges in lots of 256 KiB: very small programs fit into what is charged already. */
    uint64_t least = reaped_peak < MIB ? reaped_peak : MIB;
    return used > least ? used : least;
  }
  *source = FROM_RUSAGE;
  return reaped_peak > scanned_peak ? reaped_peak : scanned_peak;
}

/* The kernel ends a process for lack of memory only at the limit: elsewhere nobody need ask. */
int account_oom(void) {
  if (!files[MEMORY_EVENTS] || (resets && number(MEMORY_PEAK) + MIB < limit_now)) return 0;
  uint64_t kills = field(MEMORY_EVENTS, "oom_kill");
  int more = kills > kills_seen;
  kills_seen = kills;
  return more;
}

int account_process_failures(const struct usage_start *start) {
  return files[PROCESSES_EVENTS] && field(PROCESSES_EVENTS, "max") > start->process_failures;
}
