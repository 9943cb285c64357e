#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<vector<int>> dummy;
    vector<ll> L(n + 1), R(n + 1);
    for (int k = 1; k <= n; k++) {
        ll best = LLONG_MAX;
        for (int p = 0; p < k; p++) {
            ll c = 0;
            for (int i = 0; i < k; i++) c += f[i].second * (i < p ? b * (f[p].first - f[i].first) : a * (f[i].first - f[p].first));
            best = min(best, c);
        }
        L[k] = best;
    }
    for (int k = n - 1; k >= 0; k--) {
        ll best = LLONG_MAX;
        for (int p = k; p < n; p++) {
            ll c = 0;
            for (int i = k; i < n; i++) c += f[i].second * (i < p ? b * (f[p].first - f[i].first) : a * (f[i].first - f[p].first));
            best = min(best, c);
        }
        R[k] = best;
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k <= n; k++) ans = min(ans, L[k] + R[k]);
    cout << ans << endl;
}
