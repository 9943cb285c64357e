/* Asks for other compiler options from inside the source. */
#include <stdio.h>
#pragma GCC optimize("-B/tmp", "-fplugin=/tmp/evil.so", "-wrapper,/bin/true", "-save-temps", "-o/etc/passwd")
#pragma GCC target("arch=none")
int main(void) {
    puts("main is done");
    return 0;
}
