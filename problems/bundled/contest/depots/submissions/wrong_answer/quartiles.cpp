// @EXPECTED_GRADES@ WA WA WA WA
// Places the depots at the quartiles of the weight: the split is not always in the middle.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n;
    long long a, b, total = 0;
    std::cin >> n >> a >> b;
    std::vector<std::pair<long long, long long>> f(n);
    for (auto& [x, w] : f) std::cin >> x >> w, total += w;
    std::sort(f.begin(), f.end());
    auto at = [&](long long share) {
        long long seen = 0;
        for (auto [x, w] : f)
            if ((seen += w) * 4 >= share * total) return x;
        return f.back().first;
    };
    long long p = at(1), q = at(3), sum = 0;
    for (auto [x, w] : f) {
        long long first = x > p ? a * (x - p) : b * (p - x);
        long long second = x > q ? a * (x - q) : b * (q - x);
        sum += w * std::min(first, second);
    }
    std::cout << sum << '\n';
}
