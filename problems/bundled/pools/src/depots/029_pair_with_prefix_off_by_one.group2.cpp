#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> v(n + 1);
    for (int i = 1; i <= n; i++) cin >> v[i].first >> v[i].second;
    sort(v.begin(), v.end());
    vector<ll> W(n + 1), S(n + 1);
    for (int i = 1; i <= n; i++) {
        W[i] = W[i - 1] + v[i].second;
        S[i] = S[i - 1] + v[i].first * v[i].second;
    }
    ll best = LLONG_MAX;
    for (int i = 1; i <= n; i++) {
        int k = i;
        for (int j = i; j <= n; j++) {
            ll p = v[i].first, q = v[j].first;
            while (k < j && a * (v[k].first - p) < b * (q - v[k].first)) k++;
            ll c = b * (p * W[i] - S[i]) + a * (S[k] - S[i] - p * (W[k] - W[i]));
            c += b * (q * (W[j] - W[k]) - (S[j] - S[k])) + a * (S[n] - S[j] - q * (W[n] - W[j]));
            best = min(best, c);
        }
    }
    cout << best << endl;
}
