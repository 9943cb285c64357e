#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d%lld%lld", &n, &a, &b);
    vector<ll> x(n), w(n), sw(n + 1), sx(n + 1);
    for (int i = 0; i < n; i++) {
        scanf("%lld%lld", &x[i], &w[i]);
        sw[i + 1] = sw[i] + w[i];
        sx[i + 1] = sx[i] + w[i] * x[i];
    }
    auto one = [&](int l, int r) {
        if (l == r) return 0LL;
        ll need = (sw[r] - sw[l]) * a;
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int mid = (lo + hi) / 2;
            if ((sw[mid + 1] - sw[l]) * (a + b) >= need) hi = mid;
            else lo = mid + 1;
        }
        return b * (x[lo] * (sw[lo] - sw[l]) - sx[lo] + sx[l]) + a * (sx[r] - sx[lo] - x[lo] * (sw[r] - sw[lo]));
    };
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) best = min(best, one(0, k) + one(k, n));
    printf("%lld\n", best);
}
