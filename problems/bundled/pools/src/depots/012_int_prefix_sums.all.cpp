#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<pair<int, int>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<int> W(n + 1, 0);
    vector<int> S(n + 1, 0);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    auto calc = [&](int l, int r) -> long long {
        if (l >= r) return 0;
        int tot = W[r] - W[l];
        int p = lower_bound(W.begin() + l + 1, W.begin() + r + 1, W[l] + (a * tot + a + b - 1) / (a + b)) - W.begin() - 1;
        long long x = f[p].first;
        return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    long long best = 4e18;
    for (int k = 0; k <= n; k++) best = min(best, calc(0, k) + calc(k, n));
    cout << best << endl;
}
