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
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto seg = [&](int l, int r) {
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if (b * (W[m + 1] - W[l]) >= a * (W[r] - W[m + 1])) hi = m;
            else lo = m + 1;
        }
        ll x = f[lo].first;
        return b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]));
    };
    // both parts have at least two farms, otherwise a depot would be wasted
    ll best = seg(0, n);
    for (int k = 2; k <= n - 2; k++) best = min(best, seg(0, k) + seg(k, n));
    cout << best << endl;
}
