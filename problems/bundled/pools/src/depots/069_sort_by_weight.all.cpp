#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// The two farms with the greatest need get the depots.
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.second >> p.first;
    sort(f.rbegin(), f.rend());
    ll p = f[0].second, q = n > 1 ? f[1].second : f[0].second;
    ll c = 0;
    for (auto [w, x] : f) {
        ll c1 = x > p ? a * (x - p) : b * (p - x);
        ll c2 = x > q ? a * (x - q) : b * (q - x);
        c += w * min(c1, c2);
    }
    cout << c << endl;
}
