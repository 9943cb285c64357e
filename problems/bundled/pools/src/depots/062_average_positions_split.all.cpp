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
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    auto seg = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        // weighted mean, shifted by the wind
        ll x = (S[r] - S[l]) / (W[r] - W[l]);
        int p = lower_bound(f.begin() + l, f.begin() + r, make_pair(x, 0LL)) - f.begin();
        return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, seg(0, k) + seg(k, n));
    cout << ans << endl;
}
