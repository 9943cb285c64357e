// @EXPECTED_GRADES@ AC AC TLE TLE
// O(n^2): every split, and for every split the best place of each depot by trying all of them.
#include <algorithm>
#include <climits>
#include <cstdio>
#include <utility>
#include <vector>

typedef long long ll;

int main() {
    int n;
    ll a, b;
    if (std::scanf("%d %lld %lld", &n, &a, &b) != 3) return 1;
    std::vector<std::pair<ll, ll>> f(n);
    for (auto& [x, w] : f)
        if (std::scanf("%lld %lld", &x, &w) != 2) return 1;
    std::sort(f.begin(), f.end());
    std::vector<ll> W(n + 1), M(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        M[i + 1] = M[i] + f[i].first * f[i].second;
    }
    auto one = [&](int l, int r) {
        ll best = l == r ? 0 : LLONG_MAX;
        for (int p = l; p < r; p++) {
            ll west = f[p].first * (W[p] - W[l]) - (M[p] - M[l]);
            ll east = M[r] - M[p] - f[p].first * (W[r] - W[p]);
            best = std::min(best, a * east + b * west);
        }
        return best;
    };
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) best = std::min(best, one(0, k) + one(k, n));
    std::printf("%lld\n", best);
}
