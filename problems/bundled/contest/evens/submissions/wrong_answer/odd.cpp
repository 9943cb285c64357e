// Counts the odd numbers.
#include <iostream>

int main() {
    int n, x, odd = 0;
    std::cin >> n;
    while (n--) {
        std::cin >> x;
        odd += x % 2;
    }
    std::cout << odd << '\n';
}
