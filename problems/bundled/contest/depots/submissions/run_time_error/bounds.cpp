// @EXPECTED_GRADES@ RE RE RE RE
// Takes farm k + 1 of every split, which is not there after the last one.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n;
    long long a, b;
    std::cin >> n >> a >> b;
    std::vector<std::pair<long long, long long>> f(n);
    for (auto& [x, w] : f) std::cin >> x >> w;
    std::sort(f.begin(), f.end());
    long long widest = -1;
    int split = 0;
    for (int k = 0; k < n; k++) {
        long long gap = f.at(k + 1).first - f.at(k).first;
        if (gap > widest) widest = gap, split = k;
    }
    std::cout << split << '\n';
}
