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
    stable_sort(f.begin(), f.end());
    vector<ll> pw(n + 1), px(n + 1);
    for (int i = 0; i < n; i++) {
        pw[i + 1] = pw[i] + f[i].second;
        px[i + 1] = px[i] + f[i].first * f[i].second;
    }
    ll best = 8e18;
    int p = 0, q = 0;
    for (int k = 0; k < n; k++) {
        // farms 0..k and k+1..n-1
        while (p < k && b * pw[p + 1] < a * (pw[k] - pw[p + 1])) p++;
        while (q < n - 1 && (q <= k || b * (pw[q + 1] - pw[k + 1]) < a * (pw[n] - pw[q + 1]))) q++;
        ll c = b * (f[p].first * pw[p] - px[p]) + a * (px[k + 1] - px[p] - f[p].first * (pw[k + 1] - pw[p]));
        if (k + 1 < n) c += b * (f[q].first * (pw[q] - pw[k + 1]) - px[q] + px[k + 1]) + a * (px[n] - px[q] - f[q].first * (pw[n] - pw[q]));
        best = min(best, c);
    }
    cout << best << '\n';
}
