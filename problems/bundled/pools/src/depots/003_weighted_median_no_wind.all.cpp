#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) cin >> x >> w;
    sort(f.begin(), f.end());
    // each depot goes to the weighted median of its part
    auto cost = [&](int l, int r) {
        ll tot = 0;
        for (int i = l; i < r; i++) tot += f[i].second;
        ll s = 0;
        int m = l;
        for (int i = l; i < r; i++) {
            s += f[i].second;
            if (2 * s >= tot) { m = i; break; }
        }
        ll c = 0;
        for (int i = l; i < r; i++) {
            ll d = f[i].first - f[m].first;
            c += f[i].second * (d >= 0 ? a * d : -b * d);
        }
        return c;
    };
    ll best = LLONG_MAX;
    for (int k = 0; k <= n; k++) best = min(best, cost(0, k) + cost(k, n));
    cout << best << "\n";
}
