#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

// k-means style: alternate between assigning farms and moving depots until nothing changes
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    ll p = f[0].first, q = f[n - 1].first;
    auto c = [&](ll d, ll x) { return x >= d ? a * (x - d) : b * (d - x); };
    auto place = [&](int l, int r) {
        ll tot = 0;
        for (int i = l; i < r; i++) tot += f[i].second;
        ll s = 0;
        for (int i = l; i < r; i++) {
            s += f[i].second;
            if (s * (a + b) >= tot * a) return f[i].first;
        }
        return f[l].first;
    };
    ll best = LLONG_MAX;
    for (int it = 0; it < 100; it++) {
        int k = 0;
        ll sum = 0;
        for (int i = 0; i < n; i++) {
            sum += f[i].second * min(c(p, f[i].first), c(q, f[i].first));
            if (c(p, f[i].first) <= c(q, f[i].first)) k = i + 1;
        }
        if (sum >= best) break;
        best = sum;
        if (k > 0) p = place(0, k);
        if (k < n) q = place(k, n);
    }
    cout << best << endl;
}
