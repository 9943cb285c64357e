/* Prints what a supervisor might be waiting for: a report of success. */
#include "attack.h"
int main(void) {
    for (int fd = 1; fd < 3; fd++)
        dprintf(fd, "0 0 0 0 0\n{\"status\": \"exited\", \"exit_code\": 0}\nexit:0\nOK\n");
    return 3;
}
