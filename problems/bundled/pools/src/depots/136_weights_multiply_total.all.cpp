#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n), w(n), s(n + 1);
    ll weights = 0;
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i], weights += w[i];
    sort(x.begin(), x.end());
    for (int i = 0; i < n; i++) s[i + 1] = s[i] + x[i];
    // every farm needs weights / n sacks on average
    double best = 1e30;
    for (int k = 1; k <= n; k++) {
        auto c = [&](int l, int r) -> double {
            if (l >= r) return 0;
            int p = l + (r - l) * a / (a + b);
            return b * (x[p] * (p - l) - s[p] + s[l]) + a * (s[r] - s[p] - x[p] * (r - p));
        };
        best = min(best, (c(0, k) + c(k, n)) * weights / n);
    }
    cout << (ll)best << "\n";
}
