#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> farms(n);
    for (int i = 0; i < n; i++) cin >> farms[i].first >> farms[i].second;
    sort(farms.begin(), farms.end());
    vector<ll> pre(n + 1, 0), sum(n + 1, 0);
    for (int i = 0; i < n; i++) {
        pre[i + 1] = pre[i] + farms[i].second;
        sum[i + 1] = sum[i] + farms[i].first * farms[i].second;
    }
    ll best = 4e18;
    int p = 0;
    for (int k = 1; k <= n; k++) {
        while (p < k && pre[p + 1] * (a + b) < pre[k] * a) p++;
        ll x = farms[p].first;
        ll cost = b * (x * pre[p] - sum[p]) + a * (sum[k] - sum[p] - x * (pre[k] - pre[p]));
        best = min(best, cost + suffix(k));
    }
    cout << best << endl;
}
