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
    ll best = LLONG_MAX;
    for (int k = 1; k <= n; k++) {
        // in every part the depot divides the length in the ratio b : a
        ll l1 = f[0].first, r1 = f[k - 1].first;
        ll p = l1 + (r1 - l1) * a / (a + b);
        ll q = k < n ? f[k].first + (f[n - 1].first - f[k].first) * a / (a + b) : 0;
        ll c = 0;
        for (int i = 0; i < n; i++) {
            ll d = i < k ? p : q;
            c += f[i].second * (f[i].first >= d ? a * (f[i].first - d) : b * (d - f[i].first));
        }
        best = min(best, c);
    }
    cout << best << endl;
}
