#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> a >> b >> n;
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) cin >> x >> w;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto seg = [&](int l, int r) {
        if (l >= r) return 0LL;
        int p = l;
        while (p + 1 < r && (W[p + 1] - W[l]) * b < (W[r] - W[p + 1]) * a) p++;
        ll x = f[p].first;
        return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) best = min(best, seg(0, k) + seg(k, n));
    cout << best << endl;
}
