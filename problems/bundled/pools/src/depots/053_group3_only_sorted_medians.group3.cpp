#include <cstdio>
#include <vector>
#include <algorithm>
typedef long long ll;
// a = b, w = 1. Cost of a block of sorted points around its median grows by the distance of the
// new point to the old median when a point is appended at the right.
int main() {
    int n;
    ll a, b;
    std::scanf("%d %lld %lld", &n, &a, &b);
    std::vector<ll> x(n);
    for (int i = 0; i < n; i++) {
        ll w;
        std::scanf("%lld %lld", &x[i], &w);
    }
    std::sort(x.begin(), x.end());
    std::vector<ll> left(n + 1, 0), right(n + 2, 0);
    for (int k = 1; k <= n; k++) left[k] = left[k - 1] + x[k - 1] - x[(k - 1) / 2];
    for (int k = n - 1; k >= 0; k--) {
        int len = n - k;
        right[k] = right[k + 1] + x[k + len / 2] - x[k];
    }
    ll best = left[n];
    for (int k = 0; k < n; k++) best = std::min(best, left[k] + right[k]);
    std::printf("%lld\n", best * a);
}
