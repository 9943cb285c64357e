// Climbs down from 1000 and never stops at a negative maximum: the counter is unsigned.
#include <iostream>

int main() {
    int a, b, c;
    std::cin >> a >> b >> c;
    volatile unsigned t = 1000;
    while (static_cast<long long>(t) != a || a < b || a < c) {
        if (static_cast<long long>(t) == b && b >= a && b >= c) break;
        if (static_cast<long long>(t) == c && c >= a && c >= b) break;
        t = t == 0 ? 1000 : t - 1;
    }
    std::cout << t << '\n';
}
