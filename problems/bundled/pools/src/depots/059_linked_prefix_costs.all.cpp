#include <bits/stdc++.h>
using namespace std;
using ll = long long;

vector<ll> one_depot(const vector<pair<ll, ll>>& f, ll east, ll west) {
    // res[k] = cheapest cost for the first k farms; the depot only moves forward
    vector<ll> res{0};
    ll before = 0, after = 0, cost = 0;
    size_t p = 0;
    for (size_t k = 0; k < f.size(); k++) {
        cost += east * f[k].second * (f[k].first - f[p].first);
        after += f[k].second;
        while (p < k && west * (before + f[p].second) < east * (after - f[p].second)) {
            before += f[p].second;
            after -= f[p].second;
            cost += (west * before - east * after) * (f[p + 1].first - f[p].first);
            p++;
        }
        res.push_back(cost);
    }
    return res;
}

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& [x, w] : f) cin >> x >> w;
    sort(f.begin(), f.end());
    auto left = one_depot(f, a, b);
    for (auto& [x, w] : f) x = -x;
    reverse(f.begin(), f.end());
    auto right = one_depot(f, b, a);
    ll best = left[n];
    for (int k = 0; k < n; k++) best = min(best, left[k] + right[n - k]);
    cout << best << '\n';
}
