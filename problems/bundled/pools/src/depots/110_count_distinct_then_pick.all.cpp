#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    map<ll, ll> m;
    for (int i = 0; i < n; i++) {
        ll x, w;
        cin >> x >> w;
        m[x] += w;
    }
    vector<pair<ll, ll>> v(m.begin(), m.end());
    int k = v.size();
    if (k <= 2) {
        cout << 0 << endl;
        return 0;
    }
    vector<ll> W(k + 1), S(k + 1);
    for (int i = 0; i < k; i++) W[i + 1] = W[i] + v[i].second, S[i + 1] = S[i] + v[i].first * v[i].second;
    // dist between prefix and suffix: p is always at a third, q at two thirds of the weight
    ll best = LLONG_MAX;
    for (int i = 0; i < k; i++) {
        int j = lower_bound(W.begin(), W.end(), W[k] - W[i]) - W.begin() - 1;
        j = max(0, min(j, k - 1));
        int p = min(i, j), q = max(i, j);
        ll c = b * (v[p].first * W[p] - S[p]) + a * (S[k] - S[q] - v[q].first * (W[k] - W[q]));
        for (int t = p; t < q; t++) c += v[t].second * min(a * (v[t].first - v[p].first), b * (v[q].first - v[t].first));
        best = min(best, c);
    }
    cout << best << endl;
}
