#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) scanf("%lld %lld", &p.first, &p.second);
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto seg = [&](int l, int r) -> ll {
        if (l == r) return 0;
        ll share = (W[r] - W[l] + a + b - 1) / (a + b) * a;
        int p = lower_bound(W.begin() + l + 1, W.begin() + r, W[l] + share) - W.begin() - 1;
        ll x = f[p].first;
        return b * (x * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) best = min(best, seg(0, k) + seg(k, n));
    printf("%lld\n", best);
}
