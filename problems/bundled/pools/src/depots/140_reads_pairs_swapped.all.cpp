#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) scanf("%lld %lld", &w, &x);
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    int p = 0, q = 0;
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) {
        while (p < k && b * W[p + 1] < a * (W[k] - W[p + 1])) p++;
        if (q < k) q = k;
        while (q + 1 < n && b * (W[q + 1] - W[k]) < a * (W[n] - W[q + 1])) q++;
        ll c = b * (f[p].first * W[p] - S[p]) + a * (S[k] - S[p] - f[p].first * (W[k] - W[p]));
        c += b * (f[q].first * (W[q] - W[k]) - S[q] + S[k]) + a * (S[n] - S[q] - f[q].first * (W[n] - W[q]));
        best = min(best, c);
    }
    printf("%lld\n", best);
}
