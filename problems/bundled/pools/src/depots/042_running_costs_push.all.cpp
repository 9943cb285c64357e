#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    scanf("%d %lld %lld", &n, &a, &b);
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) scanf("%lld %lld", &p.first, &p.second);
    sort(f.begin(), f.end());
    // one depot for a prefix: two heaps as in the running median, but with unequal sides
    auto run = [&](bool rev) {
        vector<ll> res(n + 1, 0);
        priority_queue<ll> low;
        priority_queue<ll, vector<ll>, greater<ll>> high;
        int sl = 0, sh = 0;
        for (int i = 0; i < n; i++) {
            auto [x, w] = rev ? f[n - 1 - i] : f[i];
            for (int t = 0; t < w; t++) {
                low.push(x);
                sl += x;
                high.push(low.top());
                sl -= low.top();
                sh += low.top();
                low.pop();
                if (high.size() > low.size()) {
                    low.push(high.top());
                    sl += high.top();
                    sh -= high.top();
                    high.pop();
                }
            }
            ll m = low.top();
            res[i + 1] = b * (m * (ll)low.size() - sl) + a * (sh - m * (ll)high.size());
        }
        return res;
    };
    auto L = run(false), R = run(true);
    ll ans = LLONG_MAX;
    for (int k = 0; k <= n; k++) ans = min(ans, L[k] + R[n - k]);
    printf("%lld\n", ans);
}
