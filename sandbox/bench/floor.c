/* The floor: what a run costs without any isolation. posix_spawn, stdin from a file, stdout read
 * through a pipe, waitpid. Usage: floor RUNS INPUT CORE PROGRAM; prints elapsed ns and CPU ns.
 *
 * Pinned to a core, as the workers are: on a busy machine whoever may move runs more often. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double cpu(int who) {
  struct rusage u;
  getrusage(who, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e9 +
         (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e3;
}

int main(int argc, char **argv) {
  char *environment[] = {NULL}, *words[] = {argv[argc - 1], NULL};
  if (argc != 5) return 2;
  cpu_set_t core;
  CPU_ZERO(&core);
  CPU_SET(atoi(argv[3]), &core);
  if (sched_setaffinity(0, sizeof core, &core)) return 3;
  double start = now();
  for (int runs = atoi(argv[1]); runs > 0; runs--) {
    int in = open(argv[2], O_RDONLY | O_CLOEXEC), out[2], status;
    char text[4096];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (in < 0 || pipe2(out, O_CLOEXEC)) return 3;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    if (posix_spawn(&pid, argv[4], &actions, NULL, words, environment)) return 3;
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(in);
    while (read(out[0], text, sizeof text) > 0) continue;
    close(out[0]);
    if (waitpid(pid, &status, 0) < 0 || status) return 4;
  }
  printf("%.0f %.0f\n", now() - start, cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN));
  return 0;
}
