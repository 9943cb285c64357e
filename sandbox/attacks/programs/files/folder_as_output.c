/* Makes its output file a folder with something in it. */
#include "attack.h"
int main(void) {
    unlink("output.txt");
    if (mkdir("output.txt", 0755)) return 1;
    close(open("output.txt/inner", O_WRONLY | O_CREAT, 0600));
    return 0;
}
