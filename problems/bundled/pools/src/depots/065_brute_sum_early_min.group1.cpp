#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<array<ll, 2>> f(n);
    for (auto& e : f) cin >> e[0] >> e[1];
    ll best = LLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            ll c1 = 0, c2 = 0;
            for (int k = 0; k < n; k++) {
                ll d1 = f[k][0] - f[i][0], d2 = f[k][0] - f[j][0];
                ll e1 = d1 > 0 ? a * d1 : -b * d1, e2 = d2 > 0 ? a * d2 : -b * d2;
                if (e1 < e2) c1 += e1 * f[k][1];
                else c2 += e2 * f[k][1];
            }
            best = min(best, c1 + c2);
        }
    if (best == LLONG_MAX) best = 0;
    cout << best << endl;
}
