#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b;
vector<ll> xs;
struct Fenwick {
    vector<ll> t;
    Fenwick(int n) : t(n + 1) {}
    void add(int i, ll v) { for (; i < (int)t.size(); i += i & -i) t[i] += v; }
    ll get(int i) { ll s = 0; for (; i > 0; i -= i & -i) s += t[i]; return s; }
    int find(ll v) {  // smallest i with prefix >= v
        int p = 0;
        for (int k = 17; k >= 0; k--)
            if (p + (1 << k) < (int)t.size() && t[p + (1 << k)] < v) { p += 1 << k; v -= t[p]; }
        return p + 1;
    }
};
int main() {
    ios::sync_with_stdio(0);
    cin.tie(0);
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second, xs.push_back(p.first);
    sort(f.begin(), f.end());
    sort(xs.begin(), xs.end());
    xs.erase(unique(xs.begin(), xs.end()), xs.end());
    int m = xs.size();
    auto sweep = [&](bool back) {
        Fenwick W(m), S(m);
        vector<ll> out(n + 1);
        for (int k = 0; k < n; k++) {
            auto [x, w] = f[back ? n - 1 - k : k];
            int i = lower_bound(xs.begin(), xs.end(), x) - xs.begin() + 1;
            W.add(i, w);
            S.add(i, w * x);
            ll tw = W.get(m), ts = S.get(m);
            int p = W.find(tw * a / (a + b));
            ll lw = W.get(p), ls = S.get(p), d = xs[p - 1];
            out[k + 1] = b * (d * lw - ls) + a * ((ts - ls) - d * (tw - lw));
        }
        return out;
    };
    auto L = sweep(false), R = sweep(true);
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, L[k] + R[n - k]);
    cout << ans << "\n";
}
