#include <bits/stdc++.h>
using namespace std;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, a, b;
    cin >> n >> a >> b;
    vector<pair<int, int>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<long long> left(n + 1, 0), right(n + 2, 0);
    auto fill = [&](vector<pair<int, int>>& g, int east, int west, vector<long long>& res) {
        int p = 0, before = 0, after = 0;
        int cost = 0;
        for (int i = 0; i < n; i++) {
            cost += east * g[i].second * abs(g[i].first - g[p].first);
            after += g[i].second;
            while (p < i && west * (before + g[p].second) < east * (after - g[p].second)) {
                before += g[p].second;
                after -= g[p].second;
                cost += (west * before - east * after) * abs(g[p + 1].first - g[p].first);
                p++;
            }
            res[i + 1] = cost;
        }
    };
    fill(f, a, b, left);
    reverse(f.begin(), f.end());
    fill(f, b, a, right);
    long long best = LLONG_MAX;
    for (int k = 0; k <= n; k++) best = min(best, left[k] + right[n - k]);
    cout << best << endl;
}
