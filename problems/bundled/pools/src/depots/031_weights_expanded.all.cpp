#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> s;
    for (int i = 0; i < n; i++) {
        ll x, w;
        cin >> x >> w;
        for (int j = 0; j < w; j++) s.push_back(x);  // one entry per sack
    }
    sort(s.begin(), s.end());
    int m = s.size();
    vector<int> pre(m + 1);
    for (int i = 0; i < m; i++) pre[i + 1] = pre[i] + s[i];
    auto cost = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        int p = l + (r - l) * b / (a + b);
        if (p >= r) p = r - 1;
        return b * (s[p] * (p - l) - (pre[p] - pre[l])) + a * (pre[r] - pre[p] - s[p] * (r - p));
    };
    ll best = LLONG_MAX;
    for (int k = 0; k <= m; k++) best = min(best, cost(0, k) + cost(k, m));
    cout << best << endl;
}
