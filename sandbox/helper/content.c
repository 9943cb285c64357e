/* Content in sealed memory files: what Python has placed here for runs to refer to, and what we make
 * ourselves. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10
#endif

static int contents[MAX_PLACED]; /* descriptor + 1 */

int placed(uint32_t id) { return id < MAX_PLACED ? contents[id] - 1 : -1; }

void content_drop(uint32_t id) {
  if (placed(id) < 0) return;
  close(contents[id] - 1);
  contents[id] = 0;
}

int content_place(uint32_t id, int fd) {
  if (id >= MAX_PLACED || fd < 0) return -1;
  content_drop(id);
  contents[id] = fd + 1;
  return 0;
}

int new_memfd(const char *name) {
  static unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC;
  int fd = memfd_create(name, flags);
  if (fd < 0 && errno == EINVAL && flags & MFD_EXEC) { /* a kernel before 6.3 */
    flags &= ~(unsigned)MFD_EXEC;
    fd = memfd_create(name, flags);
  }
  return fd;
}

int seal(int fd) {
  int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, failed;
  fchmod(fd, 0555);
  /* EBUSY: somebody holds a page, be it the kernel that moves it; it lets go soon. */
  for (int tries = 0; (failed = fcntl(fd, F_ADD_SEALS, seals)) && errno == EBUSY && tries < 1000; tries++)
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
  return failed;
}

int copy_bytes(int target, int source, uint64_t size) {
  off_t offset = 0;
  while ((uint64_t)offset < size) {
    ssize_t done = sendfile(target, source, &offset, size - (uint64_t)offset);
    if (done < 0 && errno != EINTR) return -1;
    if (done == 0) break;
  }
  return 0;
}

int sealed_copy(int source, uint64_t size) {
  int fd = new_memfd("kept");
  if (fd < 0) return -1;
  if (copy_bytes(fd, source, size)) {
    close(fd);
    return -1;
  }
  lseek(fd, 0, SEEK_SET);
  seal(fd);
  return fd;
}
