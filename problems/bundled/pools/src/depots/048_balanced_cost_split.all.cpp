#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// left(k) grows and right(k) falls with k: the best border is where they meet
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].second * f[i].first;
    auto seg = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if ((W[m + 1] - W[l]) * b >= (W[r] - W[m + 1]) * a) hi = m;
            else lo = m + 1;
        }
        ll x = f[lo].first;
        return b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]));
    };
    int lo = 0, hi = n;
    while (lo < hi) {
        int m = (lo + hi) / 2;
        if (seg(0, m) >= seg(m, n)) hi = m;
        else lo = m + 1;
    }
    ll ans = LLONG_MAX;
    for (int k = max(0, lo - 2); k <= min(n, lo + 2); k++) ans = min(ans, seg(0, k) + seg(k, n));
    cout << ans << endl;
}
