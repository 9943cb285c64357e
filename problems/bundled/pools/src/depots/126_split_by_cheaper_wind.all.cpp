#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    ll total = 0;
    for (auto& [x, w] : f) {
        cin >> x >> w;
        total += w;
    }
    sort(f.begin(), f.end());
    // shares: the first depot at a/(a+b) of the first half, the second of the second half
    auto at = [&](double share) {
        double s = 0;
        for (auto [x, w] : f) {
            s += w;
            if (s >= share * total) return x;
        }
        return f.back().first;
    };
    double r = (double)a / (a + b);
    ll p = at(r / 2), q = at(0.5 + r / 2), c = 0;
    for (auto [x, w] : f) c += w * min(x > p ? a * (x - p) : b * (p - x), x > q ? a * (x - q) : b * (q - x));
    cout << c << endl;
}
