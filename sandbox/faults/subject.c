/* What runs while a fault is brought about: its first argument says what it does, and how it must
 * end is known beforehand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char page[1 << 16];

static void put(FILE *file, long left) {
  memset(page, 'p', sizeof page);
  for (; left > 0; left -= (long)sizeof page)
    if (!fwrite(page, left < (long)sizeof page ? (size_t)left : sizeof page, 1, file)) exit(9);
  if (fflush(file)) exit(9);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  long number = argc > 2 ? atol(argv[2]) : 0;
  if (!strcmp(what, "echo")) {
    size_t got;
    while ((got = fread(page, 1, sizeof page, stdin)) > 0)
      if (fwrite(page, 1, got, stdout) != got) return 9;
  } else if (!strcmp(what, "print")) {
    put(stdout, number);
  } else if (!strcmp(what, "keep")) {
    FILE *file = fopen("out", "w");
    if (!file) return 8;
    put(file, number);
    fclose(file);
  } else if (!strcmp(what, "sleep")) {
    usleep((useconds_t)number * 1000);
    printf("slept");
  } else if (!strcmp(what, "exit")) {
    return (int)number;
  } else if (!strcmp(what, "abort")) {
    abort();
  } else if (!strcmp(what, "burn")) {
    for (volatile long i = 0;; i++) continue;
  } else if (!strcmp(what, "hog")) {
    for (;;) {
      char *more = malloc(1 << 20);
      if (more) memset(more, 1, 1 << 20);
    }
  } else if (!strcmp(what, "flood")) {
    for (;;) put(stdout, sizeof page);
  } else if (!strcmp(what, "talk")) { /* sends a number, wants its partner's */
    int answer = -1;
    printf("%ld\n", number);
    fflush(stdout);
    if (scanf("%d", &answer) != 1) return 4;
    fprintf(stderr, "%d", answer);
  } else {
    return 7;
  }
  return 0;
}
