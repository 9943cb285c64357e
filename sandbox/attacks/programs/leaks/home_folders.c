/* Lists the home folders of people. */
#include "attack.h"
#include <dirent.h>
static long entries(const char *path) {
    DIR *folder = opendir(path);
    long count = 0;
    if (!folder) return -1;
    struct dirent *entry;
    while ((entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) count++;
    return count ? count : -1;
}
int main(void) {
    ATTEMPT("/root", entries("/root"));
    ATTEMPT("/home", entries("/home"));
    ATTEMPT("/var/lib/docker", entries("/var/lib/docker"));
    ATTEMPT("/mnt", entries("/mnt"));
    return 0;
}
