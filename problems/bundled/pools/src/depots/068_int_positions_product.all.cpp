#include <bits/stdc++.h>
using namespace std;
typedef long long ll;

int n, a, b;
vector<pair<int, int>> f;
vector<ll> W;
vector<int> S;

ll serve(int l, int r) {
    if (l >= r) return 0;
    ll t = W[r] - W[l];
    int p = l;
    int lo = l, hi = r - 1;
    while (lo <= hi) {
        int m = (lo + hi) / 2;
        if ((W[m + 1] - W[l]) * (a + b) >= t * a) {
            p = m;
            hi = m - 1;
        } else lo = m + 1;
    }
    int x = f[p].first;
    return b * (x * (W[p] - W[l]) - (S[p] - S[l])) + a * (S[r] - S[p] - x * (W[r] - W[p]));
}

int main() {
    cin >> n >> a >> b;
    for (int i = 0; i < n; i++) {
        int x, w;
        cin >> x >> w;
        f.push_back({x, w});
    }
    sort(f.begin(), f.end());
    W = {0};
    S = {0};
    for (auto [x, w] : f) {
        W.push_back(W.back() + w);
        S.push_back(S.back() + x * w);
    }
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, serve(0, k) + serve(k, n));
    cout << ans;
}
