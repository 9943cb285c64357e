#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), w(n);
    for (int i = 0; i < n; ++i) cin >> x[i] >> w[i];
    ll ans = LLONG_MAX;
    for (int i = 0; i < n; ++i)
        for (int j = i; j < n; ++j) {
            ll cur = 0;
            for (int k = 0; k < n; ++k) {
                // use the nearer depot
                ll d = llabs(x[k] - x[i]) <= llabs(x[k] - x[j]) ? x[i] : x[j];
                if (x[k] > d) cur += a * (x[k] - d) * w[k];
                else cur += b * (d - x[k]) * w[k];
            }
            ans = min(ans, cur);
        }
    cout << ans << '\n';
}
