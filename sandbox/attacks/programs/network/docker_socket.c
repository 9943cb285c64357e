/* Connects to the sockets that control the host. */
#include "attack.h"
#include <sys/socket.h>
#include <sys/un.h>
static long reach(const char *path) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strcpy(to.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}
int main(void) {
    ATTEMPT("docker's socket", reach("/var/run/docker.sock"));
    ATTEMPT("docker's socket in /run", reach("/run/docker.sock"));
    ATTEMPT("the system bus", reach("/run/dbus/system_bus_socket"));
    ATTEMPT("systemd", reach("/run/systemd/private"));
    ATTEMPT("containerd", reach("/run/containerd/containerd.sock"));
    return 0;
}
