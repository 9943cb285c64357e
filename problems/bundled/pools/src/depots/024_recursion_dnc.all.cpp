#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
ll a, b;
pair<ll, ll> f[100005];
ll W[100005], S[100005];
ll bestv = LLONG_MAX;
ll cost(int l, int r, int p) {
    ll x = f[p].first;
    return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
}
// split k in [lo, hi], first depot in [pl, pr], second depot in [ql, qr]
void go(int lo, int hi, int pl, int pr, int ql, int qr) {
    if (lo > hi) return;
    int k = (lo + hi) / 2;
    int bp = pl, bq = ql;
    ll c1 = LLONG_MAX, c2 = LLONG_MAX;
    for (int p = pl; p <= min(pr, k - 1); p++) {
        ll c = cost(0, k, p);
        if (c < c1) c1 = c, bp = p;
    }
    for (int q = max(ql, k + 1); q <= qr; q++) {
        ll c = cost(k, n, q);
        if (c < c2) c2 = c, bq = q;
    }
    bestv = min(bestv, c1 + c2);
    go(lo, k - 1, pl, bp, ql, bq);
    go(k + 1, hi, bp, pr, bq, qr);
}
int main() {
    scanf("%d %lld %lld", &n, &a, &b);
    for (int i = 0; i < n; i++) scanf("%lld %lld", &f[i].first, &f[i].second);
    sort(f, f + n);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first;
    go(1, n - 1, 0, n - 1, 0, n - 1);
    if (n == 1) bestv = 0;
    printf("%lld\n", bestv);
}
