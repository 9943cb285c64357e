#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    ios::sync_with_stdio(0); cin.tie(0);
    int n; ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll,ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    auto eval = [&](ll p, ll q) {
        ll s = 0;
        for (auto& [x, w] : f) {
            ll c = x >= p ? a * (x - p) : b * (p - x);
            ll d = x >= q ? a * (x - q) : b * (q - x);
            s += w * min(c, d);
        }
        return s;
    };
    mt19937 rng(12345);
    ll best = LLONG_MAX;
    for (int restart = 0; restart < 6; restart++) {
        int i = rng() % n, j = rng() % n;
        ll cur = eval(f[i].first, f[j].first);
        int step = max(1, n / 8);
        while (step) {
            bool moved = false;
            for (int t = 0; t < 4; t++) {
                int ni = i + (t == 0) * step - (t == 1) * step, nj = j + (t == 2) * step - (t == 3) * step;
                if (ni < 0 || nj < 0 || ni >= n || nj >= n) continue;
                ll c = eval(f[ni].first, f[nj].first);
                if (c < cur) { cur = c; i = ni; j = nj; moved = true; break; }
            }
            if (!moved) step /= 2;
        }
        best = min(best, cur);
    }
    cout << best << "\n";
}
