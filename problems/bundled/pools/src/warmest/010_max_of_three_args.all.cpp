#include <iostream>
#include <algorithm>
int main() {
    int a, b, c;
    std::cin >> a >> b >> c;
    std::cout << std::max(a, b, c) << std::endl;
}
