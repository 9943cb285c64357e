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
    auto quant = [&](int l, int r) {
        int lo = l, hi = r - 1;
        while (lo < hi) {
            int m = (lo + hi) / 2;
            if (b * (W[m + 1] - W[l]) >= a * (W[r] - W[m + 1])) hi = m;
            else lo = m + 1;
        }
        return lo;
    };
    auto cost = [&](int l, int r) -> ll {
        if (l >= r) return 0;
        int p = quant(l, r);
        ll x = f[p].first;
        return b * (x * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    ll best = cost(0, n);
    for (int start = 1; start <= 9; start++) {
        int k = max(1, n * start / 10);
        for (int it = 0; it < 50 && k < n; it++) {
            ll p = f[quant(0, k)].first, q = f[quant(k, n)].first;
            int nk = 1;
            while (nk < n && a * (f[nk].first - p) < b * (q - f[nk].first)) nk++;
            best = min(best, cost(0, k) + cost(k, n));
            if (nk == k) break;
            k = nk;
        }
    }
    cout << best << "\n";
}
