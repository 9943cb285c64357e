/* Prints the names of the machine. */
#include "attack.h"
#include <sys/utsname.h>
int main(void) {
    struct utsname names;
    char name[256] = "";
    uname(&names);
    gethostname(name, sizeof name);
    must_fail("sethostname", sethostname("attack", 6));
    must_fail("setdomainname", setdomainname("attack", 6));
    return 0;
}
