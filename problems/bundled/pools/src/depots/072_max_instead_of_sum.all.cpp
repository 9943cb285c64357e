#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    // binary search on the answer: can both depots serve everything within cost C?
    auto reach = [&](int i, ll C) {
        ll c = 0;
        int j = i;
        while (j < n) {
            c += a * (f[j].first - f[i].first) * f[j].second;
            if (c > C) break;
            j++;
        }
        return j;
    };
    ll lo = 0, hi = 4e17;
    while (lo < hi) {
        ll m = lo + (hi - lo) / 2;
        int j = reach(0, m);
        if (j < n) j = reach(j, m);
        if (j >= n) hi = m;
        else lo = m + 1;
    }
    cout << lo << endl;
}
