#include <iostream>
#include <algorithm>
#include <vector>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(1000);
    vector<ll> W(1001), S(1001);
    for (int i = 0; i < n; i++) cin >> f.at(i).first >> f.at(i).second;
    sort(f.begin(), f.begin() + n);
    for (int i = 0; i < n; i++) {
        W[i + 1] = W[i] + f[i].second;
        S[i + 1] = S[i] + f[i].first * f[i].second;
    }
    ll ans = 4e18;
    for (int k = 0; k < n; k++) {
        ll c = 0;
        for (int side = 0; side < 2; side++) {
            int l = side ? k : 0, r = side ? n : k;
            if (l == r) continue;
            int p = l;
            while (p < r - 1 && b * (W[p + 1] - W[l]) < a * (W[r] - W[p + 1])) p++;
            c += b * (f[p].first * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - f[p].first * (W[r] - W[p]));
        }
        ans = min(ans, c);
    }
    cout << ans << endl;
}
