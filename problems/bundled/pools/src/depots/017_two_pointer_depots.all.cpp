#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& e : f) cin >> e.first >> e.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    auto cost = [&](int l, int r, int p) {
        ll x = f[p].first;
        return a * (x * (W[p] - W[l]) - (S[p] - S[l])) + b * ((S[r] - S[p]) - x * (W[r] - W[p]));
    };
    int p = 0, q = 0;
    ll ans = LLONG_MAX;
    for (int k = 1; k < n; k++) {
        while (p + 1 < k && cost(0, k, p + 1) < cost(0, k, p)) p++;
        q = max(q, k);
        while (q + 1 < n && cost(k, n, q + 1) < cost(k, n, q)) q++;
        ans = min(ans, cost(0, k, p) + cost(k, n, q));
    }
    if (n == 1) ans = 0;
    cout << ans << endl;
}
