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
    vector<ll> pre(n + 1, 0), suf(n + 1, 0);
    // pre[k]: depot somewhere in the first k farms; keep the best place of the previous k
    int p = 0;
    for (int k = 1; k <= n; k++) {
        ll best = LLONG_MAX;
        int bp = p;
        for (int t = p; t < min(k, p + 2); t++) {
            ll c = 0;
            for (int i = 0; i < k; i++) c += f[i].second * (f[i].first > f[t].first ? a * (f[i].first - f[t].first) : b * (f[t].first - f[i].first));
            if (c < best) best = c, bp = t;
        }
        p = bp;
        pre[k] = best;
    }
    p = n - 1;
    for (int k = n - 1; k >= 0; k--) {
        ll best = LLONG_MAX;
        int bp = p;
        for (int t = p; t > max(k - 1, p - 2); t--) {
            ll c = 0;
            for (int i = k; i < n; i++) c += f[i].second * (f[i].first > f[t].first ? a * (f[i].first - f[t].first) : b * (f[t].first - f[i].first));
            if (c < best) best = c, bp = t;
        }
        p = bp;
        suf[k] = best;
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k <= n; k++) ans = min(ans, pre[k] + suf[k]);
    cout << ans << endl;
}
