// O(n log n): sort, then every split into a western and an eastern part. The best place for one
// depot is a weighted quantile: the first farm at which a * (weight west) >= b * (weight east).
// Both depots move east only as the split does, so two pointers suffice.
#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

typedef long long ll;

int main() {
    int n;
    ll a, b;
    if (std::scanf("%d %lld %lld", &n, &a, &b) != 3) return 1;
    std::vector<std::pair<ll, ll>> farm(n);
    for (auto& [x, w] : farm)
        if (std::scanf("%lld %lld", &x, &w) != 2) return 1;
    std::sort(farm.begin(), farm.end());
    std::vector<ll> weight(n + 1), moment(n + 1);
    for (int i = 0; i < n; i++) {
        weight[i + 1] = weight[i] + farm[i].second;
        moment[i + 1] = moment[i] + farm[i].first * farm[i].second;
    }
    // Cost of serving farms l..r-1 from a depot at farm p.
    auto cost = [&](int l, int r, int p) {
        ll at = farm[p].first;
        ll west = at * (weight[p] - weight[l]) - (moment[p] - moment[l]);
        ll east = moment[r] - moment[p] - at * (weight[r] - weight[p]);
        return b * west + a * east;
    };
    // Moving the depot from farm p to p + 1 pays while the east outweighs the west.
    auto advance = [&](int l, int r, int p) {
        while (p + 1 < r && b * (weight[p + 1] - weight[l]) < a * (weight[r] - weight[p + 1])) p++;
        return p;
    };
    int p = 0, q = 0;
    ll best = cost(0, n, advance(0, n, 0));
    for (int k = 1; k < n; k++) {
        p = advance(0, k, p);
        q = advance(k, n, std::max(q, k));
        best = std::min(best, cost(0, k, p) + cost(k, n, q));
    }
    std::printf("%lld\n", best);
}
