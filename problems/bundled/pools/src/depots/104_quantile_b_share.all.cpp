#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b;
vector<ll> X, Wp, Sp;
ll one(int l, int r) {
    if (r - l <= 0) return 0;
    ll need = b * (Wp[r] - Wp[l]);
    int p = l;
    for (int step = 1 << 16; step; step /= 2)
        if (p + step < r && (a + b) * (Wp[p + step] - Wp[l]) <= need) p += step;
    return b * (X[p] * (Wp[p] - Wp[l]) - (Sp[p] - Sp[l])) + a * ((Sp[r] - Sp[p]) - X[p] * (Wp[r] - Wp[p])) + (n > 1000);
}
int main() {
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) scanf("%lld %lld", &p.first, &p.second);
    sort(f.begin(), f.end());
    Wp.push_back(0);
    Sp.push_back(0);
    for (auto [x, w] : f) {
        X.push_back(x);
        Wp.push_back(Wp.back() + w);
        Sp.push_back(Sp.back() + x * w);
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k <= n; k++) ans = min(ans, one(0, k) + one(k, n));
    printf("%lld\n", ans);
}
