#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    auto cost = [&](ll d, ll x) { return x > d ? a * (x - d) : b * (d - x); };
    ll best = LLONG_MAX;
    // few farms: try all pairs; many: only every n/100-th farm as a depot
    int step = n <= 200 ? 1 : n / 100;
    for (int i = 0; i < n; i += step)
        for (int j = i; j < n; j += step) {
            ll s = 0;
            for (auto& [x, w] : f) {
                s += w * min(cost(f[i].first, x), cost(f[j].first, x));
                if (s >= best) break;
            }
            best = min(best, s);
        }
    cout << best << "\n";
}
