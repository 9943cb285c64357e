#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(0);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& e : f) cin >> e.first >> e.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1, 0), S(n + 1, 0);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].second * f[i].first;
    auto seg = [&](int l, int r) -> ll {
        int len = r - l;
        if (len <= 0) return 0;
        int p = l + (len - 1) * a / (a + b);  // the a/(a+b) quantile of the farms
        ll x = f[p].first;
        return (x * (W[p] - W[l]) - (S[p] - S[l])) * b + ((S[r] - S[p]) - x * (W[r] - W[p])) * a;
    };
    ll ans = seg(0, n);
    for (int k = 1; k < n; k++) ans = min(ans, seg(0, k) + seg(k, n));
    cout << ans << '\n';
}
