#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    map<ll, ll> m;
    for (int i = 0; i < n; i++) {
        ll x, w;
        cin >> x >> w;
        m[x] = w;
    }
    vector<pair<ll, ll>> f(m.begin(), m.end());
    n = f.size();
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].second * f[i].first;
    }
    auto seg = [&](int l, int r) -> ll {
        if (l == r) return 0;
        int p = lower_bound(W.begin() + l + 1, W.begin() + r, W[l] + (a * (W[r] - W[l]) + a + b - 1) / (a + b)) - W.begin() - 1;
        ll x = f[p].first;
        return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, seg(0, k) + seg(k, n));
    cout << ans << endl;
}
