#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    vector<int> id(n);
    iota(id.begin(), id.end(), 0);
    sort(id.begin(), id.end(), [&](int i, int j) { return x[i] < x[j]; });
    vector<ll> L(n, 0), R(n, 0);
    for (int k = 0; k < n; k++) {
        // prefix 0..k
        ll best = LLONG_MAX;
        ll tw = 0, ts = 0;
        for (int i = 0; i <= k; i++) tw += w[id[i]], ts += w[id[i]] * x[id[i]];
        ll lw = 0, ls = 0;
        for (int i = 0; i <= k; i++) {
            ll p = x[id[i]];
            best = min(best, b * (p * lw - ls) + a * ((ts - ls) - p * (tw - lw)));
            lw += w[i];
            ls += w[i] * x[i];
        }
        L[k] = best;
    }
    for (int k = n - 1; k >= 0; k--) {
        ll best = LLONG_MAX;
        ll tw = 0, ts = 0;
        for (int i = k; i < n; i++) tw += w[id[i]], ts += w[id[i]] * x[id[i]];
        ll lw = 0, ls = 0;
        for (int i = k; i < n; i++) {
            ll p = x[id[i]];
            best = min(best, b * (p * lw - ls) + a * ((ts - ls) - p * (tw - lw)));
            lw += w[i];
            ls += w[i] * x[i];
        }
        R[k] = best;
    }
    ll ans = L[n - 1];
    for (int k = 0; k + 1 < n; k++) ans = min(ans, L[k] + R[k + 1]);
    cout << ans << endl;
}
