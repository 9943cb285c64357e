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
    // if moving east is cheaper put the depots at the western ends, otherwise at the eastern ends
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    ll ans = LLONG_MAX;
    for (int k = 1; k <= n; k++) {
        ll c = 0;
        if (a <= b) {
            c = S[k] - f[0].first * W[k];
            if (k < n) c += S[n] - S[k] - f[k].first * (W[n] - W[k]);
            c *= a;
        } else {
            c = f[k - 1].first * W[k] - S[k] + f[n - 1].first * (W[n] - W[k]) - (S[n] - S[k]);
            c *= b;
        }
        ans = min(ans, c);
    }
    cout << ans << endl;
}
