#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) scanf("%lld %lld", &p.first, &p.second);
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    auto seg = [&](int l, int r) -> ll {
        if (l == r) return 0;
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if ((a + b) * (W[m + 1] - W[l]) >= a * (W[r] - W[l])) hi = m;
            else lo = m + 1;
        }
        ll x = f[lo].first;
        return b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]));
    };
    // the total falls first and rises afterwards, so stop at the first rise
    ll best = seg(0, n);
    for (int k = 1; k < n; k++) {
        ll c = seg(0, k) + seg(k, n);
        if (c > best) break;
        best = c;
    }
    printf("%lld\n", best);
}
