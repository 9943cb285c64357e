#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    ll n, a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v(n);
    for (auto& [x, w] : v) cin >> x >> w;
    sort(v.begin(), v.end());
    vector<ll> P(n + 1), Q(n + 1);
    for (ll i = 0; i < n; i++) {
        P[i + 1] = P[i] + v[i].second;
        Q[i + 1] = Q[i] + v[i].first * v[i].second;
    }
    auto get = [&](ll l, ll r) {
        if (l >= r) return 0LL;
        ll target = P[l] + (P[r] - P[l]) / (a + b) * a;
        ll p = lower_bound(P.begin() + l + 1, P.begin() + r, target) - P.begin() - 1;
        ll x = v[p].first;
        return b * (x * (P[p] - P[l]) - (Q[p] - Q[l])) + a * ((Q[r] - Q[p]) - x * (P[r] - P[p]));
    };
    ll best = 9e18;
    for (ll k = 0; k <= n; k++) best = min(best, get(0, k) + get(k, n));
    cout << best << "\n";
}
