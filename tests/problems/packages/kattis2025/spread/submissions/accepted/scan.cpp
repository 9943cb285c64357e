#include <iostream>
int main() {
    long long n, x, low = 4e18, high = -4e18;
    for (std::cin >> n; n-- && std::cin >> x;) {
        if (x < low) low = x;
        if (x > high) high = x;
    }
    std::cout << high - low << '\n';
}
