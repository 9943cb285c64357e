#include <iostream>

int main() {
    int n, x, even = 0;
    std::cin >> n;
    for (int i = 0; i < n; i++) {
        std::cin >> x;
        if (x % 2 == 0) even++;
    }
    std::cout << even << '\n';
}
