// testlib's convention without testlib: input, output, answer; exit code 0 OK, 1 wrong answer.
#include <fstream>
int main(int, char **argv) {
    std::ifstream input(argv[1]), output(argv[2]);
    long long s, x = 0, y = 0;
    input >> s;
    if (!(output >> x >> y) || x < 1 || y < x || x > s || y > s) return 1;
    return x + y == s ? 0 : 1;
}
