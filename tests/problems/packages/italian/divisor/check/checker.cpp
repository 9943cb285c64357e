// CMS's convention: input, correct output, contestant's output; the share on stdout.
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
    std::ifstream input(argv[1]), output(argv[3]);
    int n, d = 0;
    input >> n;
    output >> d;
    bool right = d > 1 && d < n && n % d == 0;
    std::cout << (right ? "1.0" : "0.0") << std::endl;
    std::cerr << (right ? "translate:success" : "translate:wrong") << std::endl;
}
