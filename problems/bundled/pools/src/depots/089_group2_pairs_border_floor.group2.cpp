#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(0);
    cin.tie(0);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    ll best = LLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            ll p = f[i].first, q = f[j].first;
            // a(x-p) <= b(q-x)  <=>  x <= (a p + b q) / (a + b)
            ll border = (b * p + a * q) / (a + b);
            int k = upper_bound(f.begin() + i, f.begin() + j, make_pair(border, 1000LL)) - f.begin();
            ll c = b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i]));
            c += b * (q * (W[j] - W[k]) - S[j] + S[k]) + a * (S[n] - S[j] - q * (W[n] - W[j]));
            best = min(best, c);
        }
    cout << (n == 1 ? 0 : best) << "\n";
}
