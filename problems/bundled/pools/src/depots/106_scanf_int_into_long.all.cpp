#include <cstdio>
#include <vector>
#include <algorithm>
#include <utility>
typedef long long ll;
int main() {
    int n, a, b;
    scanf("%d %d %d", &n, &a, &b);
    std::vector<std::pair<int, int>> f(n);
    for (int i = 0; i < n; i++) scanf("%d %d", &f[i].first, &f[i].second);
    std::sort(f.begin(), f.end());
    std::vector<ll> W(n + 1, 0), S(n + 1, 0);
    for (int i = 1; i <= n; i++) {
        W[i] = W[i - 1] + f[i - 1].second;
        S[i] = S[i - 1] + (ll)f[i - 1].first * f[i - 1].second;
    }
    int best = 2147483647;
    for (int k = 0; k <= n; k++) {
        ll c = 0;
        for (int s = 0; s < 2; s++) {
            int l = s == 0 ? 0 : k, r = s == 0 ? k : n;
            if (l >= r) continue;
            ll t = W[r] - W[l];
            int p = int(std::lower_bound(W.begin() + l + 1, W.begin() + r + 1, W[l] + (t * a + a + b - 1) / (a + b)) - W.begin()) - 1;
            ll x = f[p].first;
            c += b * (x * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - x * (W[r] - W[p]));
        }
        best = std::min<ll>(best, c);
    }
    printf("%d\n", best);
}
