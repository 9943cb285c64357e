#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
struct Farm { ll x, w; }
bool cmp(const Farm& p, const Farm& q) { return p.x < q.x; }
int main() {
    int n; ll a, b;
    cin >> n >> a >> b;
    vector<Farm> f(n);
    for (auto& e : f) cin >> e.x >> e.w;
    sort(f.begin(), f.end(), cmp);
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 0; i < n; i++) { W[i + 1] = W[i] + f[i].w; S[i + 1] = S[i] + f[i].w * f[i].x; }
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) {
        ll cur = 0;
        for (auto [l, r] : {pair{0, k}, pair{k, n}}) {
            if (l == r) continue;
            int p = l;
            while (p + 1 < r && (W[p + 1] - W[l]) * b < (W[r] - W[p + 1]) * a) p++;
            cur += b * (f[p].x * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - f[p].x * (W[r] - W[p]));
        }
        best = min(best, cur);
    }
    cout << best;
}
