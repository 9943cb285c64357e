#include <iostream>
int main() {
    short a, b;
    std::cin >> a >> b;
    std::cout << a + b << std::endl;
}
