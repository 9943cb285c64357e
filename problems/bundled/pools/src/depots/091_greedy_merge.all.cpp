#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// Merge the two neighbouring places that are cheapest to merge until two are left.
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    map<ll, ll> m;
    for (int i = 0; i < n; i++) {
        ll x, w;
        cin >> x >> w;
        m[x] += w;
    }
    vector<pair<ll, ll>> v(m.begin(), m.end());
    ll total = 0;
    while (v.size() > 2) {
        size_t at = 0;
        ll best = LLONG_MAX;
        bool east = true;
        for (size_t i = 0; i + 1 < v.size(); i++) {
            ll d = v[i + 1].first - v[i].first;
            if (d * a * v[i + 1].second < best) best = d * a * v[i + 1].second, at = i, east = true;
            if (d * b * v[i].second < best) best = d * b * v[i].second, at = i, east = false;
        }
        total += best;
        if (east) {
            v[at].second += v[at + 1].second;
            v.erase(v.begin() + at + 1);
        } else {
            v[at + 1].second += v[at].second;
            v.erase(v.begin() + at);
        }
    }
    cout << total << endl;
}
