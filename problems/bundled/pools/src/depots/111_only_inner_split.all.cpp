#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) scanf("%lld %lld", &x, &w);
    sort(f.begin(), f.end());
    vector<ll> w(n + 1), s(n + 1);
    for (int i = 0; i < n; i++) {
        w[i + 1] = w[i] + f[i].second;
        s[i + 1] = s[i] + f[i].first * f[i].second;
    }
    ll best = LLONG_MAX;
    int p = 0, q = 1;
    for (int k = 1; k < n; k++) {
        while (b * w[p + 1] < a * (w[k] - w[p + 1])) p++;
        while (b * (w[q + 1] - w[k]) < a * (w[n] - w[q + 1])) q++;
        ll x = f[p].first, y = f[q].first;
        best = min(best, b * (x * w[p] - s[p]) + a * (s[k] - s[p] - x * (w[k] - w[p])) + b * (y * (w[q] - w[k]) - s[q] + s[k]) + a * (s[n] - s[q] - y * (w[n] - w[q])));
    }
    printf("%lld\n", best);
}
