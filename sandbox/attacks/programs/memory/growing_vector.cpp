// Must end at the memory limit: the everyday case of a wrong solution.
#include <vector>
int main() {
    std::vector<long long> numbers;
    for (long long i = 0;; i++) numbers.push_back(i);
}
