#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (int i = 0; i < n; i++) cin >> f.at(i).first >> f.at(i).second;
    sort(f.begin(), f.end());
    vector<ll> W(n), S(n);
    W.at(0) = f.at(0).second;
    S.at(0) = f.at(0).first * f.at(0).second;
    for (int i = 1; i < n; i++) {
        W.at(i) = W.at(i - 1) + f.at(i).second;
        S.at(i) = S.at(i - 1) + f.at(i).first * f.at(i).second;
    }
    auto seg = [&](int l, int r) {
        ll wl = l ? W.at(l - 1) : 0, sl = l ? S.at(l - 1) : 0;
        ll t = W.at(r) - wl;
        int p = l;
        while ((W.at(p) - wl) * (a + b) < t * a) p++;
        ll x = f.at(p).first;
        return b * (x * (W.at(p) - wl) - (S.at(p) - sl)) + a * (S.at(r) - S.at(p) - x * (W.at(r) - W.at(p)));
    };
    ll ans = LLONG_MAX;
    for (int k = 0; k < n; k++) ans = min(ans, seg(0, k) + seg(k + 1, n - 1));
    cout << ans << endl;
}
