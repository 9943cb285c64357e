#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(0);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    ll lo = LLONG_MAX, hi = 0;
    for (auto& [x, w] : f) {
        cin >> x >> w;
        lo = min(lo, x);
        hi = max(hi, x);
    }
    sort(f.begin(), f.end());
    ll mid = (lo + hi) / 2;
    auto serve = [&](vector<pair<ll, ll>> g) -> ll {
        ll t = 0, s = 0;
        for (auto [x, w] : g) t += w;
        for (auto [x, w] : g) {
            s += w;
            if (s * (a + b) >= t * a) {
                ll c = 0;
                for (auto [y, v] : g) c += v * (y >= x ? a * (y - x) : b * (x - y));
                return c;
            }
        }
        return 0;
    };
    vector<pair<ll, ll>> l, r;
    for (auto p : f) (p.first <= mid ? l : r).push_back(p);
    cout << serve(l) + serve(r) << endl;
}
