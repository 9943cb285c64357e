#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// Aliens trick: pay lambda per depot and count how many depots the optimum uses.
int n;
ll a, b;
vector<pair<ll, ll>> f;
pair<ll, int> run(ll lambda) {
    // dp over farms; the depot of the current block is its quantile, kept greedily
    vector<pair<ll, int>> dp(n + 1, {LLONG_MAX / 4, 0});
    dp[0] = {0, 0};
    int last = 0;
    ll c = 0;
    for (int i = 1; i <= n; i++) {
        ll d = f[i - 1].first - f[last].first;
        c += a * d * f[i - 1].second;
        if (c > lambda) {
            last = i - 1;
            c = 0;
            dp[i] = {dp[i - 1].first + lambda, dp[i - 1].second + 1};
        } else {
            dp[i] = {dp[last].first + c + (last == 0 ? lambda : 0), max(1, dp[last].second)};
        }
    }
    return dp[n];
}
int main() {
    cin >> n >> a >> b;
    f.resize(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    ll lo = 0, hi = 4e17;
    while (lo < hi) {
        ll m = (lo + hi) / 2;
        if (run(m).second <= 2) hi = m;
        else lo = m + 1;
    }
    auto r = run(lo);
    cout << max(0LL, r.first - 2 * lo) << endl;
}
