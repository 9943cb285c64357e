#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
pair<ll, ll> f[3000];
ll W[3001], S[3001];
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    for (int i = 1; i <= n; i++) cin >> f[i].first >> f[i].second;
    sort(f + 1, f + n + 1);
    for (int i = 1; i <= n; i++) W[i] = W[i - 1] + f[i].second, S[i] = S[i - 1] + f[i].second * f[i].first;
    auto seg = [&](int l, int r) {  // l..r
        ll t = a * (W[r] - W[l - 1]);
        int p = l;
        while ((a + b) * (W[p] - W[l - 1]) < t) p++;
        return b * (f[p].first * (W[p] - W[l - 1]) - S[p] + S[l - 1]) + a * (S[r] - S[p] - f[p].first * (W[r] - W[p]));
    };
    ll best = 1e18;
    for (int k = 0; k < n; k++) best = min(best, (k ? seg(1, k) : 0) + seg(k + 1, n));
    cout << best << endl;
}
