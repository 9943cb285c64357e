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
    int k = n / 2;
    auto quant = [&](int l, int r) {
        ll t = 0, s = 0;
        for (int i = l; i < r; i++) t += f[i].second;
        for (int i = l; i < r; i++) {
            s += f[i].second;
            if (s * (a + b) >= t * a) return f[i].first;
        }
        return f[max(l - 1, 0)].first;
    };
    for (int it = 0; it < 60; it++) {
        ll p = quant(0, k), q = quant(k, n);
        int nk = 0;
        while (nk < n && a * (f[nk].first - p) <= b * (q - f[nk].first)) nk++;
        if (nk == k) break;
        k = nk;
    }
    ll p = quant(0, k), q = quant(k, n), ans = 0;
    for (int i = 0; i < n; i++) {
        ll d = i < k ? p : q;
        ans += f[i].second * (f[i].first >= d ? a * (f[i].first - d) : b * (d - f[i].first));
    }
    cout << ans << "\n";
}
