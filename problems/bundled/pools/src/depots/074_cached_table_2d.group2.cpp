#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
ll cost[3001][3001];
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    // cost[l][r]: one depot for l..r
    for (int l = 0; l < n; l++) {
        ll total = 0, acc = 0;
        int p = l;
        ll c = 0;
        for (int r = l; r < n; r++) {
            total += f[r].second;
            c += a * f[r].second * (f[r].first - f[p].first);
            while (p < r && (acc + f[p].second) * (a + b) < total * a) {
                acc += f[p].second;
                c += (f[p + 1].first - f[p].first) * (b * acc - a * (total - acc));
                p++;
            }
            cost[l][r] = c;
        }
    }
    ll ans = cost[0][n - 1];
    for (int k = 0; k + 1 < n; k++) ans = min(ans, cost[0][k] + cost[k + 1][n - 1]);
    cout << ans << endl;
}
