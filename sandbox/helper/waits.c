/* How long a run has waited for a processor: ready to run while others of the machine did. That is
 * nobody's fault but the machine's, so it does not count against the wall limit.
 *
 * Where the slot has a cgroup of version 2 the kernel keeps the sum: cpu.pressure, "full", the time
 * in which something of the slot was ready and nothing of it ran. It misses no child and counts no
 * thread's waiting for its brother. Elsewhere /proc/PID/task/TID/schedstat says it of each thread
 * that is alive when we look: of the waits since the last look the longest counts (a sum would let
 * many threads that wait for one another stop the clock), and all of it is no more than the time in
 * which no CPU time was used. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper.h"

#define LOOK_NS 5000000 /* runs shorter than this are not looked at: nothing hangs on 5 ms */
#define MAX_THREADS 1024

static struct {
  int thread;
  uint64_t waited_ns;
} known[MAX_THREADS];
static int n_known, by_pressure;
static uint64_t first_ns, total_ns, begun, looked;

void waits_begin(uint64_t now) {
  by_pressure = account_pressure(&first_ns) == 0;
  begun = looked = now;
  total_ns = 0;
  n_known = 0;
}

uint64_t waits_ns(void) { return total_ns; }

/* What a thread has waited since we last asked. */
static uint64_t news_of(int pid, int thread) {
  char path[64], text[96];
  unsigned long long waited = 0;
  snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, thread);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t got = read(fd, text, sizeof text - 1);
  close(fd);
  text[got > 0 ? got : 0] = 0;
  if (sscanf(text, "%*u %llu", &waited) != 1) return 0;
  int i = 0;
  while (i < n_known && known[i].thread != thread) i++;
  if (i == n_known) {
    if (i == MAX_THREADS) return 0;
    known[n_known++].thread = thread;
    known[i].waited_ns = 0; /* all of them are younger than the run */
  }
  uint64_t more = waited > known[i].waited_ns ? waited - known[i].waited_ns : 0;
  known[i].waited_ns = waited;
  return more;
}

/* The longest wait of any thread of the slot but ours since the last look. */
static uint64_t longest_news(void) {
  uint64_t longest = 0;
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  for (struct dirent *process; (process = readdir(processes));) {
    int pid = atoi(process->d_name);
    if (pid <= 1) continue;
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (!threads) continue;
    for (struct dirent *thread; (thread = readdir(threads));) {
      int id = atoi(thread->d_name);
      uint64_t more = id > 0 ? news_of(pid, id) : 0;
      if (more > longest) longest = more;
    }
    closedir(threads);
  }
  closedir(processes);
  return longest;
}

/* Brings `waits_ns` up to date; to be called before the main process is reaped as well. */
void waits_look(const struct usage_start *start, uint64_t now) {
  if (now - looked < LOOK_NS) return;
  looked = now;
  if (by_pressure) {
    uint64_t waited;
    if (account_pressure(&waited) == 0 && waited > first_ns) total_ns = waited - first_ns;
  } else {
    total_ns += longest_news();
    uint64_t used = account_cpu(start), most = now - begun > used ? now - begun - used : 0;
    if (total_ns > most) total_ns = most;
  }
  if (total_ns > now - begun) total_ns = now - begun;
}
