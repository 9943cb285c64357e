// @EXPECTED_GRADES@ WA WA WA WA
// The right method in 32-bit integers.
#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

int main() {
    int n, a, b;
    if (std::scanf("%d %d %d", &n, &a, &b) != 3) return 1;
    std::vector<std::pair<int, int>> f(n);
    for (auto& [x, w] : f)
        if (std::scanf("%d %d", &x, &w) != 2) return 1;
    std::sort(f.begin(), f.end());
    std::vector<unsigned> W(n + 1), M(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        M[i + 1] = M[i] + f[i].first * static_cast<unsigned>(f[i].second);
    }
    auto cost = [&](int l, int r) -> unsigned {
        if (l == r) return 0;
        int p = l;
        while (p + 1 < r && b * (W[p + 1] - W[l]) < a * (W[r] - W[p + 1])) p++;
        unsigned x = f[p].first;
        return b * (x * (W[p] - W[l]) - (M[p] - M[l])) + a * (M[r] - M[p] - x * (W[r] - W[p]));
    };
    int best = 2147483647;
    int step = n > 3000 ? n / 3000 : 1;
    for (int k = 0; k < n; k += step) best = std::min(best, static_cast<int>(cost(0, k) + cost(k, n)));
    std::printf("%d\n", best);
}
