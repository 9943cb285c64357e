// @EXPECTED_GRADES@ WA WA AC WA
// O(n log n) for group 3 alone: no wind and one sack a farm, so the depots are plain medians.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    long long a, b, w;
    std::cin >> n >> a >> b;
    std::vector<long long> x(n), s(n + 1);
    for (auto& v : x) std::cin >> v >> w;
    std::sort(x.begin(), x.end());
    for (int i = 0; i < n; i++) s[i + 1] = s[i] + x[i];
    auto cost = [&](int l, int r) {
        int m = (l + r) / 2;
        if (l == r) return 0LL;
        return x[m] * (m - l) - (s[m] - s[l]) + (s[r] - s[m]) - x[m] * (r - m);
    };
    long long best = cost(0, n);
    for (int k = 1; k < n; k++) best = std::min(best, cost(0, k) + cost(k, n));
    std::cout << a * best << '\n';
}
