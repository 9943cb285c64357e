#include <bits/stdc++.h>
using namespace std;
#define ll long long
int main() {
    ll n, a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v(n);
    for (auto& i : v) cin >> i.first >> i.second;
    sort(v.begin(), v.end());
    ll ans = 9e18;
    for (int k = 0; k <= n; k++) {
        // [0,k) and [k,n)
        ll best1 = k == 0 ? 0 : (ll)9e18, best2 = k == n ? 0 : (ll)9e18;
        for (int p = 0; p < k; p++) {
            ll c = 0;
            for (int i = 0; i < k; i++) c += (i <= p ? b * (v[p].first - v[i].first) : a * (v[i].first - v[p].first)) * v[i].second;
            best1 = min(best1, c);
        }
        for (int p = k; p < n; p++) {
            ll c = 0;
            for (int i = k; i < n; i++) c += (i <= p ? b * (v[p].first - v[i].first) : a * (v[i].first - v[p].first)) * v[i].second;
            best2 = min(best2, c);
        }
        ans = min(ans, best1 + best2);
    }
    cout << ans << endl;
    return 0;
}
