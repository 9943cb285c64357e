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
    ll s = 0, pos = 0;
    for (auto& p : f) {
        s += p.second;
        if (s * b >= (tot - s) * a) { pos = p.first; break; }
    }
    ll c = 0;
    for (auto& p : f) c += p.second * (p.first >= pos ? a * (p.first - pos) : b * (pos - p.first));
    cout << c << endl;
    return 0;
}
