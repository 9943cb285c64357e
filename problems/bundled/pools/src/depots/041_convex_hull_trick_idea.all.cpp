#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// The cost of a depot at x is convex in x, so use ternary search for the place of each depot.
int n;
ll a, b;
vector<pair<ll, ll>> f;
vector<ll> W, S;
ll at(int l, int r, int p) {
    ll x = f[p].first;
    return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * ((S[r] - S[p]) - x * (W[r] - W[p]));
}
ll best(int l, int r) {
    if (l >= r) return 0;
    int lo = l, hi = r - 1;
    while (hi - lo >= 3) {
        int m1 = lo + (hi - lo) / 3, m2 = hi - (hi - lo) / 3;
        if (at(l, r, m1) < at(l, r, m2)) hi = m2;
        else lo = m1 + 1;
    }
    ll res = LLONG_MAX;
    for (int i = lo; i < hi; i++) res = min(res, at(l, r, i));
    return res;
}
int main() {
    cin >> n >> a >> b;
    f.resize(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    W.resize(n + 1);
    S.resize(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, best(0, k) + best(k, n));
    cout << ans << endl;
}
