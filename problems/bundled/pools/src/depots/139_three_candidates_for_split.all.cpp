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
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second, S[i + 1] = S[i] + f[i].first * f[i].second;
    auto one = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        int p = l;
        while (p + 1 < r && b * (W[p + 1] - W[l]) < a * (W[r] - W[p + 1])) p++;
        return b * (f[p].first * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - f[p].first * (W[r] - W[p]));
    };
    ll best = one(0, n);
    int gap = 0;
    for (int i = 1; i < n; i++) if (f[i].first - f[i - 1].first > (gap ? f[gap].first - f[gap - 1].first : -1)) gap = i;
    int half = lower_bound(W.begin(), W.end(), W[n] / 2) - W.begin();
    for (int k : {gap, half, n / 2}) best = min(best, one(0, k) + one(k, n));
    cout << best << "\n";
}
