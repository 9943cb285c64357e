// Counts the apples one by one in single precision, where 2^24 + 1 is 2^24 again.
#include <cstdio>
#include <iostream>

int main() {
    long long a, b;
    std::cin >> a >> b;
    volatile float total = 0;
    while (total < a + b) total = total + 1;
    std::printf("%.0f\n", total);
}
