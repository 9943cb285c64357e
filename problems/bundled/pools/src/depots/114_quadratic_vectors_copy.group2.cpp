#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
ll a, b;
ll serve(vector<pair<ll, ll>> part) {
    if (part.empty()) return 0;
    ll best = LLONG_MAX;
    for (auto [p, _] : part) {
        ll c = 0;
        for (auto [x, w] : part) c += w * (x > p ? a * (x - p) : b * (p - x));
        best = min(best, c);
    }
    return best;
}
int main() {
    int n;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    ll best = LLONG_MAX;
    for (int k = 0; k < n; k++) best = min(best, serve({f.begin(), f.begin() + k}) + serve({f.begin() + k, f.end()}));
    cout << best << endl;
}
