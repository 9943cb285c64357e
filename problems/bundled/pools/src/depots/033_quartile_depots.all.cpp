#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    ll tot = 0;
    for (auto& [x, w] : f) {
        cin >> x >> w;
        tot += w;
    }
    sort(f.begin(), f.end());
    ll p = -1, q = -1, s = 0;
    for (auto [x, w] : f) {
        s += w;
        if (p < 0 && 4 * s >= tot) p = x;
        if (q < 0 && 4 * s >= 3 * tot) q = x;
    }
    ll ans = 0;
    for (auto [x, w] : f) ans += w * min(x >= p ? a * (x - p) : b * (p - x), x >= q ? a * (x - q) : b * (q - x));
    cout << ans << endl;
}
