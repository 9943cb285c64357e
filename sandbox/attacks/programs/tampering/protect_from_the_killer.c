/* Asks the kernel to kill others first when memory is short. */
#include "attack.h"
static long protect(const char *path, const char *score) {
    int fd = open(path, O_WRONLY);
    return fd >= 0 && write(fd, score, strlen(score)) > 0 ? 0 : -1;
}
int main(void) {
    ATTEMPT("own score of -1000", protect("/proc/self/oom_score_adj", "-1000"));
    ATTEMPT("score of process 1", protect("/proc/1/oom_score_adj", "1000"));
    return 0;
}
