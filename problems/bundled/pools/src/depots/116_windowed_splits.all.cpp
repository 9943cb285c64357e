#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto seg = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if (b * (W[m + 1] - W[l]) >= a * (W[r] - W[m + 1])) hi = m;
            else lo = m + 1;
        }
        ll x = f[lo].first;
        return b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]));
    };
    // coarse grid over the splits, then refine around the best one
    int step = max(1, (int)sqrt((double)n));
    int at = 0;
    ll best = LLONG_MAX;
    for (int k = 0; k <= n; k += step) {
        ll c = seg(0, k) + seg(k, n);
        if (c < best) best = c, at = k;
    }
    for (int k = max(0, at - step); k <= min(n, at + step); k++) best = min(best, seg(0, k) + seg(k, n));
    cout << best << "\n";
}
