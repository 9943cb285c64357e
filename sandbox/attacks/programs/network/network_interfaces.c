/* Looks for network interfaces other than the loopback. */
#include "attack.h"
int main(void) {
    char line[512], name[64];
    FILE *devices = fopen("/proc/net/dev", "r");
    while (devices && fgets(line, sizeof line, devices))
        if (strchr(line, ':') && sscanf(line, " %63[^:]", name) == 1 && strcmp(name, "lo")) {
            /* Tunnels that every new namespace has, down and without an address, lead nowhere. */
            if (strncmp(name, "eth", 3) == 0 || strncmp(name, "en", 2) == 0 || strncmp(name, "wl", 2) == 0)
                escaped(name);
        }
    blocked("interfaces");
    return 0;
}
