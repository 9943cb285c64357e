#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// The cart has to return to the depot, so every sack pays both directions.
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
    auto seg = [&](int l, int r) {
        int p = upper_bound(W.begin() + l, W.begin() + r, (W[l] + W[r]) / 2) - W.begin() - 1;
        ll x = f[p].first;
        return (a + b) * ((x * (W[p] - W[l]) - S[p] + S[l]) + (S[r] - S[p] - x * (W[r] - W[p])));
    };
    ll ans = seg(0, n);
    for (int k = 1; k < n; k++) ans = min(ans, seg(0, k) + seg(k, n));
    cout << ans << "\n";
}
