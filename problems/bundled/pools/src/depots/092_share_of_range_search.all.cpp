#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b;
vector<pair<ll, ll>> f;
vector<ll> W, S;
ll eval(ll p, ll q) {
    ll border = (a * p + b * q) / (a + b);
    auto idx = [&](ll v) { return upper_bound(f.begin(), f.end(), make_pair(v, (ll)1e9)) - f.begin(); };
    int i = idx(p), k = max<int>(i, idx(border)), j = max<int>(k, idx(q));
    return b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i])) + b * (q * (W[j] - W[k]) - S[j] + S[k]) + a * (S[n] - S[j] - q * (W[n] - W[j]));
}
int main() {
    cin >> n >> a >> b;
    f.resize(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    W.resize(n + 1);
    S.resize(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    // nested ternary search over both places
    auto inner = [&](ll p) {
        ll lo = p, hi = f[n - 1].first;
        while (hi - lo > 2) {
            ll m1 = lo + (hi - lo) / 3, m2 = hi - (hi - lo) / 3;
            if (eval(p, m1) <= eval(p, m2)) hi = m2;
            else lo = m1;
        }
        ll r = LLONG_MAX;
        for (ll q = lo; q <= hi; q++) r = min(r, eval(p, q));
        return r;
    };
    ll lo = f[0].first, hi = f[n - 1].first;
    while (hi - lo > 2) {
        ll m1 = lo + (hi - lo) / 3, m2 = hi - (hi - lo) / 3;
        if (inner(m1) <= inner(m2)) hi = m2;
        else lo = m1;
    }
    ll ans = LLONG_MAX;
    for (ll p = lo; p <= hi; p++) ans = min(ans, inner(p));
    cout << ans << endl;
}
