#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
ll n, a, b;
ll carry(ll depot, ll farm) {
    // moving east costs a, moving west costs b
    if (farm < depot) return (depot - farm) * a;
    return (farm - depot) * b;
}
int main() {
    cin >> n >> a >> b;
    vector<ll> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    ll best = LLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            ll s = 0;
            for (int k = 0; k < n; k++) s += w[k] * min(carry(x[i], x[k]), carry(x[j], x[k]));
            best = min(best, s);
        }
    cout << best << endl;
}
