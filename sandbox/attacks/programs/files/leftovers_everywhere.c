/* Leaves a file in every folder that lets it: no later run may see one. */
#include "attack.h"
#include <dirent.h>
static void leave(const char *path, int depth) {
    char name[4096];
    DIR *folder = opendir(path);
    if (!folder) return;
    snprintf(name, sizeof name, "%s/attack_leftover", path);
    int fd = open(name, O_WRONLY | O_CREAT, 0666);
    if (fd >= 0) {
        if (write(fd, "left\n", 5) < 0) errno = 0;
        close(fd);
    }
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.' || entry->d_type != DT_DIR || depth == 0) continue;
        if (!strcmp(entry->d_name, "proc") || !strcmp(entry->d_name, "sys")) continue;
        snprintf(name, sizeof name, "%s/%s", strcmp(path, "/") ? path : "", entry->d_name);
        leave(name, depth - 1);
    }
    closedir(folder);
}
int main(void) {
    leave("/", 3);
    leave(".", 1);
    return 0;
}
