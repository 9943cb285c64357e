#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<ll> x(n + 1), w(n + 1);
    for (int i = 1; i <= n; i++) cin >> x[i] >> w[i];
    ll best = LLONG_MAX;
    for (int i = 1; i <= n; i++)
        for (int j = i + 1; j <= n; j++) {
            ll c = 0;
            for (int k = 1; k <= n; k++) {
                ll d1 = x[k] - x[i], d2 = x[k] - x[j];
                c += w[k] * min(max(a * d1, -b * d1), max(a * d2, -b * d2));
            }
            best = min(best, c);
        }
    cout << best << endl;
}
