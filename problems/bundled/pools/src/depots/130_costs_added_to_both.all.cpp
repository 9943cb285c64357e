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
    vector<ll> L(n + 1, 0), R(n + 1, 0);
    ll w = 0;
    for (int i = 1; i < n; i++) {
        w += f[i - 1].second;
        L[i] = L[i - 1] + w * (f[i].first - f[i - 1].first) * b;  // everything is carried to farm i
    }
    w = 0;
    for (int i = n - 2; i >= 0; i--) {
        w += f[i + 1].second;
        R[i] = R[i + 1] + w * (f[i + 1].first - f[i].first) * a;
    }
    // one depot at i: L[i] + R[i]; two depots: farms between the two go to the nearer one
    ll best = LLONG_MAX;
    for (int i = 0; i < n; i++) best = min(best, L[i] + R[i]);
    for (int i = 0; i + 1 < n; i++) best = min(best, L[i] + R[i + 1]);
    cout << best << "\n";
}
