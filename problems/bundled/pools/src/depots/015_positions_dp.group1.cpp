#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// dp[j][i] = min cost of the first i farms with j depots
ll dp[3][200], c[200][200];
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v(n);
    for (auto& p : v) cin >> p.first >> p.second;
    sort(v.begin(), v.end());
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            c[i][j] = 1e18;
            for (int p = i; p <= j; p++) {
                ll s = 0;
                for (int k = i; k <= j; k++) {
                    if (k < p) s += (v[p].first - v[k].first) * v[k].second * b;
                    else s += (v[k].first - v[p].first) * v[k].second * a;
                }
                c[i][j] = min(c[i][j], s);
            }
        }
    for (int j = 0; j < 3; j++)
        for (int i = 0; i <= n; i++) dp[j][i] = 1e18;
    dp[0][0] = 0;
    for (int j = 1; j <= 2; j++)
        for (int i = 1; i <= n; i++)
            for (int k = 0; k < i; k++) dp[j][i] = min(dp[j][i], dp[j - 1][k] + c[k][i - 1]);
    cout << min(dp[1][n], dp[2][n]) << endl;
}
