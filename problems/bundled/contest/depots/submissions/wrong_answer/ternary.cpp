// @EXPECTED_GRADES@ WA WA WA WA
// Ternary search over the split: the sum of a rising and a falling function has many valleys.
#include <algorithm>
#include <iostream>
#include <vector>

typedef long long ll;

int main() {
    int n;
    ll a, b;
    std::cin >> n >> a >> b;
    std::vector<std::pair<ll, ll>> f(n);
    for (auto& [x, w] : f) std::cin >> x >> w;
    std::sort(f.begin(), f.end());
    std::vector<ll> W(n + 1), M(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        M[i + 1] = M[i] + f[i].first * f[i].second;
    }
    auto cost = [&](int l, int r) -> ll {
        if (l == r) return 0;
        int p = l;
        while (p + 1 < r && b * (W[p + 1] - W[l]) < a * (W[r] - W[p + 1])) p++;
        ll x = f[p].first;
        return b * (x * (W[p] - W[l]) - (M[p] - M[l])) + a * (M[r] - M[p] - x * (W[r] - W[p]));
    };
    auto total = [&](int k) { return cost(0, k) + cost(k, n); };
    int low = 0, high = n;
    while (high - low > 2) {
        int m1 = low + (high - low) / 3, m2 = high - (high - low) / 3;
        if (total(m1) < total(m2)) high = m2;
        else low = m1;
    }
    ll best = total(low);
    for (int k = low; k <= high; k++) best = std::min(best, total(k));
    std::cout << best << '\n';
}
