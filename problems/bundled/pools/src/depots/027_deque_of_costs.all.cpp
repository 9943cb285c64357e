#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// The first depot never moves west when the split moves east. Same for the second one.
int main() {
    int n;
    ll a, b;
    if (scanf("%d %lld %lld", &n, &a, &b) != 3) return 0;
    vector<pair<int, int>> f(n);
    for (auto& p : f) scanf("%d %d", &p.first, &p.second);
    sort(f.begin(), f.end());
    vector<ll> L(n), R(n);
    auto fill_costs = [&](vector<pair<int, int>> g, ll ea, ll eb, vector<ll>& out) {
        int p = 0;
        ll wl = 0, wr = 0, cost = 0;  // weight strictly left of p, weight from p on
        for (int i = 0; i < n; i++) {
            cost += ea * g[i].second * (g[i].first - g[p].first);
            wr += g[i].second;
            while (p < i && eb * (wl + g[p].second) < ea * (wr - g[p].second)) {
                ll d = g[p + 1].first - g[p].first;
                wl += g[p].second;
                wr -= g[p].second;
                cost += d * (eb * wl - ea * wr);
                p++;
            }
            out[i] = cost;
        }
    };
    fill_costs(f, a, b, L);
    vector<pair<int, int>> g;
    for (int i = n - 1; i >= 0; i--) g.push_back({1000000000 - f[i].first, f[i].second});
    fill_costs(g, a, b, R);
    ll best = L[n - 1];
    for (int i = 0; i + 1 < n; i++) best = min(best, L[i] + R[n - 2 - i]);
    printf("%lld\n", best);
}
