#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(0);
    cin.tie(0);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    // try the ten largest gaps as the border
    vector<pair<ll, int>> gaps;
    for (int i = 1; i < n; i++) gaps.push_back({f[i].first - f[i - 1].first, i});
    sort(gaps.rbegin(), gaps.rend());
    if (gaps.size() > 10) gaps.resize(10);
    auto cost = [&](int l, int r) {
        ll t = 0, s = 0, c = 0;
        for (int i = l; i < r; i++) t += f[i].second;
        int p = l;
        while (p < r && (s + f[p].second) * (a + b) < t * a) s += f[p++].second;
        for (int i = l; i < r; i++) {
            if (i < p) c += b * f[i].second * (f[p].first - f[i].first);
            else c += a * f[i].second * (f[i].first - f[p].first);
        }
        return c;
    };
    ll ans = cost(0, n);
    for (auto [g, i] : gaps) ans = min(ans, cost(0, i) + cost(i, n));
    cout << ans << "\n";
}
