/* Reads a file of the host whose path it knows: where a judge keeps the expected output. */
#include "attack.h"
int main(int argc, char **argv) {
    if (argc < 2) return 2;
    ATTEMPT("the answer file", readable(argv[1]));
    return 0;
}
