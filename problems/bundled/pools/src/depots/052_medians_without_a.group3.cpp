#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(0);
    cin.tie(0);
    int n, a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), s(n + 1);
    for (int i = 0, w; i < n; i++) cin >> x[i] >> w;
    sort(x.begin(), x.end());
    for (int i = 0; i < n; i++) s[i + 1] = s[i] + x[i];
    auto f = [&](int l, int r) {
        if (l > r) return 0LL;
        int m = (l + r) / 2;
        return x[m] * (m - l + 1) - (s[m + 1] - s[l]) + (s[r + 1] - s[m + 1]) - x[m] * (r - m);
    };
    ll ans = LLONG_MAX;
    for (int i = 0; i < n; i++) ans = min(ans, f(0, i) + f(i + 1, n - 1));
    cout << ans << "\n";
}
