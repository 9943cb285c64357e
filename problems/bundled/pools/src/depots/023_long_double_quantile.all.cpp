#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int main() {
    int n;
    double a, b;
    cin >> n >> a >> b;
    vector<pair<double, double>> f(n);
    double tot = 0;
    for (auto& p : f) {
        cin >> p.first >> p.second;
        tot += p.second;
    }
    sort(f.begin(), f.end());
    vector<double> W(n + 1, 0), S(n + 1, 0);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    auto seg = [&](int l, int r) -> double {
        if (l >= r) return 0;
        double t = W[l] + (W[r] - W[l]) * a / (a + b);
        int p = upper_bound(W.begin() + l, W.begin() + r, t) - W.begin() - 1;
        double x = f[p].first;
        return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
    };
    double best = 1e30;
    for (int k = 0; k <= n; k++) best = min(best, seg(0, k) + seg(k, n));
    cout << best << endl;
}
