#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    // a depot only ever serves farms east of it if a < b, so the first farm must have one
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    ll best = LLONG_MAX;
    int m = a <= b ? 0 : n - 1;
    for (int j = 0; j < n; j++) {
        ll p = f[min(m, j)].first, q = f[max(m, j)].first;
        ll border = (a * p + b * q) / (a + b), c = 0;
        int k = upper_bound(f.begin(), f.end(), make_pair(border, 101LL)) - f.begin();
        int i = min(m, j), t = max(m, j);
        k = min(max(k, i), t);
        c = b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i])) + b * (q * (W[t] - W[k]) - S[t] + S[k]) + a * (S[n] - S[t] - q * (W[n] - W[t]));
        best = min(best, c);
    }
    cout << best << "\n";
}
