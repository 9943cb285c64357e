#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    ll tot = 0;
    for (auto& p : f) cin >> p.first >> p.second, tot += p.second;
    sort(f.begin(), f.end());
    ll s = 0, p = f[0].first, q = f[n - 1].first;
    bool first = false, second = false;
    for (auto& e : f) {
        s += e.second;
        if (!first && s * 3 >= tot) p = e.first, first = true;
        if (!second && s * 3 >= 2 * tot) q = e.first, second = true;
    }
    ll c = 0;
    for (auto& e : f) c += e.second * min(e.first > p ? a * (e.first - p) : b * (p - e.first), e.first > q ? a * (e.first - q) : b * (q - e.first));
    cout << c << endl;
}
