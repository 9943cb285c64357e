#include <bits/stdc++.h>
using namespace std;
typedef unsigned long long ull;
int main() {
    int n;
    ull a, b;
    cin >> n >> a >> b;
    vector<pair<ull, ull>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    ull best = ULLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            ull s = 0;
            for (auto [x, w] : f) {
                ull c = (x - f[i].first) * a, d = (f[j].first - x) * b;
                s += w * min(c, d);
            }
            best = min(best, s);
        }
    cout << best << endl;
}
