/* Runs every program with a setuid bit that it finds, and asks who it is then. */
#include "attack.h"
#include <dirent.h>
static void look(const char *path) {
    char name[4096];
    struct stat info;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (lstat(name, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & S_ISUID) && info.st_uid == 0) {
            int ends[2];
            if (pipe(ends)) return;
            pid_t child = fork();
            if (child == 0) {
                int nothing = open("/dev/null", O_RDWR);
                dup2(nothing, 0), dup2(nothing, 1), dup2(nothing, 2);
                execl(name, name, "--version", (char *)0);
                _exit(1);
            }
            usleep(2000);
            char status[64], line[256];
            snprintf(status, sizeof status, "/proc/%d/status", child);
            FILE *lines = fopen(status, "r");
            while (lines && fgets(line, sizeof line, lines)) {
                int real, effective;
                if (sscanf(line, "Uid: %d %d", &real, &effective) == 2 && effective == 0) escaped(name);
            }
            if (lines) fclose(lines);
            if (child > 0) {
                kill(child, SIGKILL);
                waitpid(child, 0, 0);
            }
            close(ends[0]), close(ends[1]);
        }
    }
    if (folder) closedir(folder);
}
int main(void) {
    look("/usr/bin"), look("/usr/sbin"), look("/usr/lib/openssh"), look("/usr/local/bin");
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) escaped("no_new_privs is off");
    blocked("setuid programs");
    return 0;
}
