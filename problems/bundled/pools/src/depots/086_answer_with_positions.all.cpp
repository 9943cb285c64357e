#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto seg = [&](int l, int r) -> pair<ll, ll> {
        if (l >= r) return {0, 0};
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if (b * (W[m + 1] - W[l]) >= a * (W[r] - W[m + 1])) hi = m;
            else lo = m + 1;
        }
        ll x = f[lo].first;
        return {b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo])), x};
    };
    ll best = LLONG_MAX, p = 0, q = 0;
    for (int k = 0; k < n; k++) {
        auto [c1, x1] = seg(0, k);
        auto [c2, x2] = seg(k, n);
        if (c1 + c2 < best) best = c1 + c2, p = x1, q = x2;
    }
    cout << best << "\n" << p << " " << q << endl;
}
