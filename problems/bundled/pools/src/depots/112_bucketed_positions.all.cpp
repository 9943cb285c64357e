#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
static ll need[2000001];
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    int hi = 0;
    for (int i = 0; i < n; i++) {
        int x, w;
        scanf("%d %d", &x, &w);
        need[x] += w;
        hi = max(hi, x);
    }
    vector<ll> L(hi + 2), R(hi + 2);
    ll wgt = 0, c = 0;
    for (int x = 0; x <= hi; x++) {
        c += wgt * b;
        wgt += need[x];
        L[x] = c;
    }
    wgt = c = 0;
    for (int x = hi; x >= 0; x--) {
        c += wgt * a;
        wgt += need[x];
        R[x] = c;
    }
    ll best = LLONG_MAX;
    for (int x = 0; x <= hi; x++) best = min(best, min(L[x], R[x]));
    printf("%lld\n", best);
}
