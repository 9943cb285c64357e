// Starts the maximum at zero: wrong when all temperatures are negative.
#include <iostream>

int main() {
    int best = 0, x;
    while (std::cin >> x)
        if (x > best) best = x;
    std::cout << best << '\n';
}
