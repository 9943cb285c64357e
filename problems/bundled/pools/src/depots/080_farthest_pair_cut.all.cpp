#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    // cut where (gap * weight that crosses it) is largest
    vector<ll> W(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second;
    int cut = 0;
    ll best = -1;
    for (int i = 1; i < n; i++) {
        ll v = (f[i].first - f[i - 1].first) * min(W[i], W[n] - W[i]);
        if (v > best) best = v, cut = i;
    }
    ll ans = 0;
    for (int s = 0; s < 2; s++) {
        int l = s ? cut : 0, r = s ? n : cut;
        int p = l;
        while (p + 1 < r && b * (W[p + 1] - W[l]) < a * (W[r] - W[p + 1])) p++;
        for (int i = l; i < r; i++) ans += f[i].second * (i < p ? b * (f[p].first - f[i].first) : a * (f[i].first - f[p].first));
    }
    cout << ans << endl;
}
