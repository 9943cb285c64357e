#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    ll ans = 1e15;
    for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
            ll c = 0;
            for (int k = 0; k < n; k++) {
                ll u = (x[k] - x[i]) * (x[k] > x[i] ? a : -b);
                ll v = (x[k] - x[j]) * (x[k] > x[j] ? a : -b);
                c += min(u, v) * w[k];
            }
            ans = min(ans, c);
        }
    }
    cout << ans << '\n';
}
