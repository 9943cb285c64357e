#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// The two groups are separated by the largest empty stretch of road.
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) cin >> x >> w;
    sort(f.begin(), f.end());
    int k = 0;
    ll gap = -1;
    for (int i = 1; i < n; i++)
        if (f[i].first - f[i - 1].first > gap) {
            gap = f[i].first - f[i - 1].first;
            k = i;
        }
    auto solve = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        ll tot = 0, s = 0;
        for (int i = l; i < r; i++) tot += f[i].second;
        int p = l;
        for (; p < r; p++) {
            s += f[p].second;
            if (s * (a + b) >= tot * a) break;
        }
        ll c = 0;
        for (int i = l; i < r; i++) {
            ll d = f[i].first - f[p].first;
            c += f[i].second * (d >= 0 ? d * a : -d * b);
        }
        return c;
    };
    cout << solve(0, k) + solve(k, n) << "\n";
}
