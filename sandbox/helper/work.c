/* The work folder: filled before a run, read and emptied after it, when nobody else is there. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

static int touched; /* we put something there ourselves */

int work_prepare(struct slot *slot, struct job *job, uint64_t *given_bytes) {
  *given_bytes = 0;
  for (uint32_t i = 0; i < job->r.folders; i++) {
    touched = 1;
    if (mkdirat(slot->box, job->folder_names[i], 0777)) return errno;
  }
  for (uint32_t i = 0; i < job->r.files; i++) {
    int source = placed(job->contents[i]);
    struct stat info;
    if (source < 0 || fstat(source, &info)) return EBADF;
    touched = 1;
    int fd = openat(slot->box, job->file_names[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555);
    if (fd < 0) return errno;
    int failed = copy_bytes(fd, source, (uint64_t)info.st_size) ? errno : 0;
    close(fd);
    if (failed) return failed;
    *given_bytes += ((uint64_t)info.st_size + 4095) / 4096 * 4096;
  }
  return 0;
}

/* Copies a regular file out: every folder on the way is opened by itself, no link is followed. One
 * file may stand under many names, or hold less than its size says: `bytes_left` is for all. */
int work_keep(struct slot *slot, const char *name, uint64_t *bytes_left) {
  char part[4096];
  int at = slot->box, fd;
  const char *slash = strchr(name, '/');
  if (slash) {
    snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
    at = openat(slot->box, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (at < 0) return -1;
    name = slash + 1;
  }
  fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (at != slot->box) close(at);
  if (fd < 0) return -1;
  struct stat info;
  int kept = -1;
  if (!fstat(fd, &info) && S_ISREG(info.st_mode) && (uint64_t)info.st_size <= *bytes_left) {
    kept = sealed_copy(fd, (uint64_t)info.st_size);
    if (kept >= 0) *bytes_left -= (uint64_t)info.st_size;
  }
  close(fd);
  return kept;
}

static int is_empty(int box) {
  char entries[512];
  lseek(box, 0, SEEK_SET);
  ssize_t got = syscall(SYS_getdents64, box, entries, sizeof entries);
  /* "." and ".." take 24 bytes each. What cannot be read is not believed to be empty. */
  return got >= 0 && got <= 48;
}

int work_over(struct slot *slot, uint64_t bytes, uint64_t files, uint64_t given_bytes) {
  struct statfs info;
  if (!touched && is_empty(slot->box)) return 0;
  if (fstatfs(slot->box, &info)) return 0;
  uint64_t used = (uint64_t)(info.f_blocks - info.f_bfree) * (uint64_t)info.f_bsize;
  uint64_t entries = (uint64_t)(info.f_files - info.f_ffree);
  /* A full folder stands for a program that wanted more. */
  return used > bytes + given_bytes || entries > files + 1 || info.f_bfree == 0 || info.f_ffree == 0;
}

/* Empties a folder of the box: what cannot be removed because it is a full folder is moved up to
 * the top under a new name, so that no depth makes us recurse. */
static void empty_folder(int box, int folder) {
  static unsigned moved_names;
  int copy_fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = copy_fd < 0 ? NULL : fdopendir(copy_fd);
  if (!entries) return;
  for (struct dirent *entry; (entry = readdir(entries));) {
    const char *name = entry->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
    if (!unlinkat(folder, name, 0) || !unlinkat(folder, name, AT_REMOVEDIR)) continue;
    fchmodat(folder, name, 0700, 0);
    if (folder != box) {
      char fresh[64];
      snprintf(fresh, sizeof fresh, ".gone-%u", moved_names++);
      renameat(folder, name, box, fresh);
      continue;
    }
    int below = openat(box, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (below < 0) continue;
    empty_folder(box, below);
    close(below);
    unlinkat(box, name, AT_REMOVEDIR);
  }
  closedir(entries);
}

int work_clean(struct slot *slot) {
  static const struct timespec zero[2];
  /* Where programs have our uid they may have changed the folder's mode, empty or not. */
  if (!slot->own_uids) fchmod(slot->box, 01777);
  if (touched || !is_empty(slot->box)) {
    for (int round = 0; round < 100000 && !is_empty(slot->box); round++)
      empty_folder(slot->box, slot->box);
    if (!is_empty(slot->box)) return -1;
    touched = 0;
  }
  /* Nothing of the last run can be read off the folder itself. */
  return futimens(slot->box, zero);
}
