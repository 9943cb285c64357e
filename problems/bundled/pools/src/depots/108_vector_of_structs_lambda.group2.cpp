#include <bits/stdc++.h>
using namespace std;
struct Farm { long long x, w; };
int main() {
    int n;
    long long a, b;
    cin >> n >> a >> b;
    vector<Farm> f(n);
    for (auto& e : f) cin >> e.x >> e.w;
    sort(f.begin(), f.end(), [](Farm p, Farm q) { return p.x <= q.x; });
    long long best = LLONG_MAX;
    for (int k = 0; k <= n; k++) {
        long long c = 0;
        int ranges[2][2] = {{0, k}, {k, n}};
        for (auto& r : ranges) {
            long long t = 0, s = 0;
            for (int i = r[0]; i < r[1]; i++) t += f[i].w;
            int p = r[0];
            while (p < r[1] && s + f[p].w < t * a / (a + b)) s += f[p++].w;
            for (int i = r[0]; i < r[1]; i++) c += f[i].w * (f[i].x > f[p].x ? a * (f[i].x - f[p].x) : b * (f[p].x - f[i].x));
        }
        best = min(best, c);
    }
    cout << best << endl;
}
