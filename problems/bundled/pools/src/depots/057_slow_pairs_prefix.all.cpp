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
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    ll best = LLONG_MAX;
    // middle farms between the depots go to the nearer one in metres
    for (int i = 0; i < n; i++) {
        int k = i;
        for (int j = i; j < n; j++) {
            ll p = f[i].first, q = f[j].first;
            while (k < j && f[k].first - p <= q - f[k].first) k++;
            ll c = b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i]))
                 + b * (q * (W[j] - W[k]) - (S[j] - S[k])) + a * (S[n] - S[j] - q * (W[n] - W[j]));
            best = min(best, c);
        }
    }
    cout << best << '\n';
}
