#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
template <class T> struct Prefix {
    vector<T> p;
    Prefix(vector<T> v) : p(v.size() + 1) { for (size_t i = 0; i < v.size(); i++) p[i + 1] = p[i] + v[i]; }
    T get(int l, int r) { return p[r] - p[l]; }
};
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    ranges::sort(f);
    vector<ll> ws, xs;
    for (auto [x, w] : f) ws.push_back(w), xs.push_back(x * w);
    Prefix W(ws), X(xs);
    const auto seg = [&](int l, int r) {
        int p = l;
        while (b * W.get(l, p + 1) < a * W.get(p + 1, r)) p++;
        return b * (f[p].first * W.get(l, p) - X.get(l, p)) + a * (X.get(p, r) - f[p].first * W.get(p, r));
    };
    ll ans = seg(0, n);
    for (int k = 1; k < n; k++) ans = min(ans, seg(0, k) + seg(k, n))
    cout << ans << endl;
}
