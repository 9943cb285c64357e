#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int n;
ll a, b;
vector<pair<ll, ll>> v;
vector<ll> pw, ps;

ll solve(int l, int r) {  // [l, r]
    if (l > r) return 0;
    ll tot = pw[r + 1] - pw[l];
    // depot at p: smallest p with (a + b) * W(l..p) >= a * tot
    int lo = l, hi = r;
    while (lo < hi) {
        int m = (lo + hi) / 2;
        if ((a + b) * (pw[m + 1] - pw[l]) >= a * tot) hi = m;
        else lo = m + 1;
    }
    ll x = v[lo].first;
    ll west = x * (pw[lo] - pw[l]) - (ps[lo] - ps[l]);
    ll east = ps[r + 1] - ps[lo] - x * (pw[r + 1] - pw[lo]);
    return b * west + a * east;
}

int main() {
    scanf("%d %lld %lld", &n, &a, &b);
    v.resize(n);
    for (auto& p : v) scanf("%lld %lld", &p.first, &p.second);
    sort(v.begin(), v.end());
    pw.assign(n + 1, 0);
    ps.assign(n + 1, 0);
    for (int i = 0; i < n; i++) {
        pw[i + 1] = pw[i] + v[i].second;
        ps[i + 1] = ps[i] + v[i].first * v[i].second;
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, solve(0, k) + solve(k + 1, n - 1));
    printf("%lld\n", ans);
}
