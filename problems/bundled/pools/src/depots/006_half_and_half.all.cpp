#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v(n);
    ll total = 0;
    for (auto& [x, w] : v) {
        cin >> x >> w;
        total += w;
    }
    sort(v.begin(), v.end());
    // split so that both depots carry half of the sacks
    int k = 0;
    ll s = 0;
    while (k < n && 2 * s < total) s += v[k++].second;
    auto best = [&](int l, int r) {
        ll res = LLONG_MAX;
        if (l >= r) return 0LL;
        for (int p = l; p < r; p++) {
            ll c = 0;
            for (int i = l; i < r; i++) {
                ll d = v[i].first - v[p].first;
                c += v[i].second * (d > 0 ? d * a : -d * b);
            }
            res = min(res, c);
        }
        return res;
    };
    cout << best(0, k) + best(k, n) << endl;
}
