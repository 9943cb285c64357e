#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    // candidate places: the middle between neighbouring farms
    vector<ll> s = x, c;
    sort(s.begin(), s.end());
    for (int i = 0; i + 1 < n; i++) c.push_back((s[i] + s[i + 1]) / 2);
    if (c.empty()) c.push_back(s[0]);
    ll best = LLONG_MAX;
    for (ll p : c)
        for (ll q : c) {
            ll t = 0;
            for (int k = 0; k < n; k++) {
                ll u = x[k] > p ? a * (x[k] - p) : b * (p - x[k]);
                ll v = x[k] > q ? a * (x[k] - q) : b * (q - x[k]);
                t += w[k] * min(u, v);
            }
            best = min(best, t);
        }
    cout << best << endl;
}
