#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b;
vector<pair<ll, ll>> f;
vector<ll> W, S;
ll eval(int i, int j) {
    if (i > j) swap(i, j);
    ll p = f[i].first, q = f[j].first;
    ll border = (a * p + b * q) / (a + b);
    int k = upper_bound(f.begin(), f.end(), make_pair(border, LLONG_MAX)) - f.begin();
    k = min(max(k, i), j);
    return b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i])) + b * (q * (W[j] - W[k]) - S[j] + S[k]) + a * (S[n] - S[j] - q * (W[n] - W[j]));
}
int main() {
    scanf("%d %lld %lld", &n, &a, &b);
    f.resize(n);
    for (auto& p : f) scanf("%lld %lld", &p.first, &p.second);
    sort(f.begin(), f.end());
    W.assign(n + 1, 0);
    S.assign(n + 1, 0);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    mt19937 rng(7);
    int i = n / 3, j = 2 * n / 3;
    ll cur = eval(i, j), best = cur;
    double temp = cur / 10.0 + 1;
    for (int it = 0; it < 20000; it++) {
        int d = max(1, (int)(n * (1 - it / 20000.0) / 4));
        int ni = i + (int)(rng() % (2 * d + 1)) - d, nj = j + (int)(rng() % (2 * d + 1)) - d;
        ni = min(max(ni, 0), n - 1);
        nj = min(max(nj, 0), n - 1);
        ll c = eval(ni, nj);
        if (c < cur || exp((cur - c) / temp) * 4294967295.0 > rng()) cur = c, i = ni, j = nj;
        best = min(best, cur);
        temp *= 0.9995;
    }
    printf("%lld\n", best);
}
