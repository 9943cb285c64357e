#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    map<ll, ll> m;
    for (int i = 0; i < n; i++) {
        ll x, w;
        cin >> x >> w;
        m[x] += w;
    }
    vector<ll> X, W{0}, S{0};
    for (auto [x, w] : m) {
        X.push_back(x);
        W.push_back(W.back() + w);
        S.push_back(S.back() + x * w);
    }
    int k = X.size();
    // for every first depot i, the second one is found by binary search on the derivative
    ll best = LLONG_MAX;
    auto eval = [&](int i, int j) {
        ll border = (a * X[i] + b * X[j]) / (a + b);
        int t = upper_bound(X.begin() + i, X.begin() + j, border) - X.begin();
        return b * (X[i] * W[i] - S[i]) + a * (S[t] - S[i] - X[i] * (W[t] - W[i])) + b * (X[j] * (W[j] - W[t]) - S[j] + S[t]) + a * (S[k] - S[j] - X[j] * (W[k] - W[j]));
    };
    for (int i = 0; i < k; i++) {
        int lo = i, hi = k - 1;
        while (lo < hi) {
            int mid = (lo + hi) / 2;
            if (eval(i, mid) < eval(i, mid + 1)) hi = mid;
            else lo = mid + 1;
        }
        best = min(best, eval(i, lo));
    }
    cout << best << "\n";
}
