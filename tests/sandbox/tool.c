/* What the contract tests run: one program, its first argument says what it does. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void copy(int from, int to) {
    static char buffer[1 << 16];
    ssize_t n;
    while ((n = read(from, buffer, sizeof buffer)) > 0)
        for (ssize_t done = 0; done < n;) {
            ssize_t m = write(to, buffer + done, n - done);
            if (m < 0) exit(9);
            done += m;
        }
}

static void burn(double seconds) {
    struct timespec t;
    do {
        for (volatile int i = 0; i < 10000; i++) {
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    } while (t.tv_sec + t.tv_nsec * 1e-9 < seconds);
}

static int recurse(int depth) {
    volatile char frame[1024];
    frame[0] = 1;
    return depth ? recurse(depth - 1) + frame[0] : 0;
}

/* Talks to a partner: sends numbers, wants each back plus one. */
static int asks(int rounds) {
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < rounds; i++) {
        int answer = -1;
        printf("%d\n", i);
        fflush(stdout);
        if (scanf("%d", &answer) != 1) {
            usleep(200000); /* so that who ended first is beyond doubt */
            return 4;
        }
        if (answer != i + 1) return 5;
    }
    fprintf(stderr, "asked %d\n", rounds);
    return 0;
}

static int answers(int rounds) {
    int number;
    for (int i = 0; i != rounds && scanf("%d", &number) == 1; i++) {
        printf("%d\n", number + 1);
        fflush(stdout);
    }
    if (rounds < 0) usleep(200000);
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "cat";
    const char *value = argc > 2 ? argv[2] : "";
    if (!strcmp(what, "cat")) copy(0, 1);
    else if (!strcmp(what, "exit")) return atoi(value);
    else if (!strcmp(what, "signal")) raise(atoi(value));
    else if (!strcmp(what, "say")) printf("%s", value);
    else if (!strcmp(what, "complain")) {
        for (long i = atol(value); i > 0; i--) fputc('e', stderr);
    } else if (!strcmp(what, "burn")) burn(atof(value));
    else if (!strcmp(what, "sleep")) usleep((useconds_t)(1e6 * atof(value)));
    else if (!strcmp(what, "sleep-say")) {
        usleep((useconds_t)(1e6 * atof(value)));
        puts(argv[3]);
    } else if (!strcmp(what, "close-stdout")) { /* then goes on until its stdin ends */
        puts("last words");
        fclose(stdout);
        while (getchar() != EOF) {
        }
    } else if (!strcmp(what, "last-to-go")) { /* ends at once when its partner has */
        while (getchar() != EOF) {
        }
        return atoi(value);
    } else if (!strcmp(what, "shout")) { /* until nobody listens: SIGPIPE */
        for (;;) write(1, "x", 1);
    } else if (!strcmp(what, "hang")) for (;;) pause();
    else if (!strcmp(what, "use")) {
        size_t bytes = strtoul(value, 0, 10) << 20;
        char *p = malloc(bytes);
        if (!p) return 7;
        for (size_t i = 0; i < bytes; i += 4096) p[i] = 1;
        printf("%d\n", p[bytes / 2]);
    } else if (!strcmp(what, "use-print")) { /* so many MiB are used and freed, then so many printed */
        size_t bytes = strtoul(value, 0, 10) << 20;
        char *p = malloc(bytes);
        for (size_t i = 0; i < bytes; i += 4096) p[i] = 1;
        free(p);
        static char part[1 << 20];
        for (int i = 0; i < atoi(argv[3]); i++) write(1, part, sizeof part);
    } else if (!strcmp(what, "link")) { /* link BYTES NAME...: one file under many names */
        if (truncate(argv[3], 0) && close(open(argv[3], O_WRONLY | O_CREAT, 0600))) return 3;
        int fd = open(argv[3], O_WRONLY);
        static char part[1 << 16];
        for (long left = atol(value); left > 0; left -= sizeof part) write(fd, part, sizeof part);
        for (int i = 4; i < argc; i++)
            if (link(argv[3], argv[i])) return 8;
    } else if (!strcmp(what, "recurse")) return recurse(atoi(value)) < 0;
    else if (!strcmp(what, "print")) {
        static char line[4096];
        memset(line, 'x', sizeof line);
        for (long left = atol(value); left > 0; left -= sizeof line)
            if (fwrite(line, 1, left < (long)sizeof line ? (size_t)left : sizeof line, stdout) == 0) return 6;
        return fflush(stdout) ? 6 : 0;
    } else if (!strcmp(what, "fork")) {
        int started = 0;
        for (int i = 0; i < atoi(value); i++) {
            pid_t child = fork();
            if (child == 0) for (;;) pause();
            if (child < 0) break;
            started++;
        }
        printf("%d\n", started);
    } else if (!strcmp(what, "open")) {
        int opened = 0;
        while (opened < 10000 && open("/dev/null", O_RDONLY) >= 0) opened++;
        printf("%d\n", opened);
    } else if (!strcmp(what, "args")) {
        for (int i = 2; i < argc; i++) printf("[%s]", argv[i]);
    } else if (!strcmp(what, "env")) {
        for (char **entry = environ; *entry; entry++) puts(*entry);
    } else if (!strcmp(what, "list")) {
        struct dirent **names;
        int count = scandir(".", &names, 0, alphasort);
        for (int i = 0; i < count; i++)
            if (names[i]->d_name[0] != '.') printf("%s ", names[i]->d_name);
    } else if (!strcmp(what, "write")) { /* write NAME BYTES [NAME BYTES ...] */
        for (int i = 2; i + 1 < argc; i += 2) {
            int fd = open(argv[i], O_WRONLY | O_CREAT | O_TRUNC, 0600);
            if (fd < 0) return 3;
            static char part[1 << 16];
            memset(part, 'w', sizeof part);
            for (long left = atol(argv[i + 1]); left > 0;) {
                ssize_t n = write(fd, part, left < (long)sizeof part ? (size_t)left : sizeof part);
                if (n <= 0) return 8;
                left -= n;
            }
            close(fd);
        }
    } else if (!strcmp(what, "make")) { /* so many empty files */
        for (int i = 0; i < atoi(value); i++) {
            char name[32];
            sprintf(name, "f%d", i);
            int fd = open(name, O_WRONLY | O_CREAT, 0600);
            if (fd < 0) return 8;
            close(fd);
        }
    } else if (!strcmp(what, "show")) {
        int fd = open(value, O_RDONLY);
        if (fd < 0) return 3;
        copy(fd, 1);
    } else if (!strcmp(what, "daemon")) {
        if (fork() == 0) {
            setsid();
            if (fork() == 0) for (;;) pause();
            _exit(0);
        }
        wait(0);
    } else if (!strcmp(what, "processes")) {
        int seen = 0;
        struct dirent *entry;
        DIR *folder = opendir("/proc");
        while (folder && (entry = readdir(folder))) seen += entry->d_name[0] > '0' && entry->d_name[0] <= '9';
        printf("%d\n", seen);
    } else if (!strcmp(what, "asks")) return asks(atoi(value));
    else if (!strcmp(what, "answers")) return answers(atoi(value));
    else if (!strcmp(what, "manage")) { /* manage OUT IN [OUT IN ...]: a talk over /dev/fd/N each */
        for (int i = 2; i + 1 < argc; i += 2) {
            FILE *to = fopen(argv[i], "w"), *from = fopen(argv[i + 1], "r");
            int answer = -1;
            if (!to || !from) return 3;
            fprintf(to, "%d\n", 10 * i);
            fflush(to);
            if (fscanf(from, "%d", &answer) != 1) return 4;
            if (answer != 10 * i + 1) return 5;
            fclose(to);
            fclose(from);
        }
        puts("managed");
    } else {
        return 2;
    }
    return 0;
}
