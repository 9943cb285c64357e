/* Runs after each hostile program and prints all that a fresh process can see of its world. Equal
 * output before and after means that nothing was carried over. Nothing here may vary by itself. */
#include "attack.h"
#include <dirent.h>
#include <sys/file.h>
#include <sys/ioctl.h>

extern char **environ;

static void list(const char *path) {
    struct dirent **names;
    int count = scandir(path, &names, 0, alphasort);
    printf("%s %d:", path, count);
    for (int i = 0; i < count; i++) {
        char name[4096];
        struct stat info = {0};
        snprintf(name, sizeof name, "%s/%s", path, names[i]->d_name);
        lstat(name, &info);
        if (strcmp(names[i]->d_name, "..")) printf(" %s(%o)", names[i]->d_name, info.st_mode);
    }
    puts("");
}

static void input(void) {
    unsigned long hash = 5381;
    long bytes = 0;
    char buffer[4096];
    ssize_t n;
    while ((n = read(0, buffer, sizeof buffer)) > 0) {
        bytes += n;
        for (ssize_t i = 0; i < n; i++) hash = hash * 33 + (unsigned char)buffer[i];
    }
    printf("stdin %ld %lx\n", bytes, hash);
}

static void processes(void) {
    int seen = 0;
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) seen += entry->d_name[0] > '0' && entry->d_name[0] <= '9';
    if (folder) closedir(folder);
    printf("processes %d\n", seen);
}

static void signals(void) {
    sigset_t mask, pending;
    sigprocmask(SIG_SETMASK, 0, &mask);
    sigpending(&pending);
    printf("signals");
    for (int s = 1; s < 65; s++) {
        struct sigaction action;
        if (s == 32 || s == 33 || sigaction(s, 0, &action)) continue;
        printf(" %d%d%d", sigismember(&mask, s), sigismember(&pending, s), action.sa_handler == SIG_IGN);
    }
    puts("");
}

static void limits(void) {
    printf("limits");
    for (int which = 0; which < 16; which++) {
        struct rlimit limit = {0, 0};
        getrlimit(which, &limit);
        printf(" %lu/%lu", limit.rlim_cur, limit.rlim_max);
    }
    puts("");
}

static void descriptors(void) {
    printf("descriptors");
    for (int fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) != -1)
            printf(" %d(%x,%d,%d)", fd, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD), (long)lseek(fd, 0, SEEK_CUR) > 0);
    puts("");
}

static void locks(void) {
    const char *files[] = {"/usr/bin/env", "/usr/bin/python3", "/usr/lib/os-release"};
    printf("locks");
    for (int i = 0; i < 3; i++) {
        int fd = open(files[i], O_RDONLY);
        printf(" %d", flock(fd, LOCK_EX | LOCK_NB));
        if (fd >= 0) close(fd);
    }
    puts("");
}

static void objects(void) {
    printf("objects");
    for (int key = 0x50C0; key < 0x50C4; key++)
        printf(" %d%d%d", syscall(SYS_shmget, key, 0L, 0) >= 0, syscall(SYS_semget, key, 0, 0) >= 0,
               syscall(SYS_msgget, key, 0) >= 0);
    printf(" %d\n", syscall(SYS_mq_open, "attack_leftover", O_RDONLY, 0, 0) >= 0);
}

int main(int argc, char **argv) {
    char here[4096] = "?", name[17] = "";
    descriptors();
    input();
    if (!getcwd(here, sizeof here)) strcpy(here, "gone");
    mode_t mask = umask(0);
    prctl(PR_GET_NAME, name, 0, 0, 0);
    printf("cwd %s umask %o uid %d %d gid %d %d name %s slack %d nice %d\n", here, mask, getuid(), geteuid(),
           getgid(), getegid(), name, prctl(PR_GET_TIMERSLACK), getpriority(PRIO_PROCESS, 0));
    int death = 0;
    prctl(PR_GET_PDEATHSIG, &death);
    printf("leader %d session %d dumpable %d death signal %d\n", getpgrp() == getpid(),
           getsid(0) == getpid(), prctl(PR_GET_DUMPABLE), death);
    processes();
    signals();
    limits();
    locks();
    objects();
    list(".");
    list("/");
    list("/tmp");
    list("/dev");
    list("/dev/shm");
    list("/dev/mqueue");
    list("/var/tmp");
    list("/run");
    struct stat root;
    if (stat(here, &root) == 0) printf("work folder %o %d\n", root.st_mode, root.st_uid);
    printf("write %d\n", open("mine", O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0);
    for (char **entry = environ; *entry; entry++) puts(*entry);
    for (char **word = argv; *word; word++) puts(*word);
    (void)argc;
    return 0;
}
