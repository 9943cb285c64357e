#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b, x[3005], w[3005], L[3005], R[3005];

int main() {
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v;
    for (int i = 0; i < n; i++) {
        ll p, q;
        cin >> p >> q;
        v.push_back({p, q});
    }
    sort(v.begin(), v.end());
    for (int i = 0; i < n; i++) x[i] = v[i].first, w[i] = v[i].second;
    for (int i = 0; i <= n; i++) L[i] = R[i] = (i == 0 ? 0 : (ll)4e18);
    // L[k]: first k farms, R[k]: last k farms
    for (int p = 0; p < n; p++) {
        ll base = 0;
        for (int i = 0; i < p; i++) base += b * w[i] * (x[p] - x[i]);
        for (int i = p; i < n; i++) {
            base += a * w[i] * (x[i] - x[p]);
            L[i + 1] = min(L[i + 1], base);
        }
        base = 0;
        for (int i = p + 1; i < n; i++) base += a * w[i] * (x[i] - x[p]);
        for (int i = p; i >= 0; i--) {
            base += b * w[i] * (x[p] - x[i]);
            R[n - i] = min(R[n - i], base);
        }
    }
    ll ans = L[n];
    for (int k = 0; k <= n; k++) ans = min(ans, L[k] + R[n - k]);
    cout << ans << endl;
}
