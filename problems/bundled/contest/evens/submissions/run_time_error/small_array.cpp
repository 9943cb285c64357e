// Room for 100 numbers only, and it notices.
#include <iostream>
#include <vector>

int main() {
    int n, even = 0;
    std::cin >> n;
    std::vector<int> x(100);
    for (int i = 0; i < n; i++) {
        std::cin >> x.at(i);
        even += x.at(i) % 2 == 0;
    }
    std::cout << even << '\n';
}
