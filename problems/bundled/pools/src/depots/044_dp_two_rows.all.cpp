#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
const ll INF = 4e18;
// states while walking east: before first depot, after it, "served by second", after the second
int main() {
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    vector<ll> W(n + 1), suf(n + 1);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i].second;
    // s0: all farms so far wait for a depot to the east; s1: all so far are served and the last
    // depot is being used; s2: border crossed, waiting for the second one; s3: second is in use
    ll s0 = 0, s1 = INF, s2 = INF, s3 = INF;
    ll wait0 = 0, carry1 = 0, wait2 = 0, carry3 = 0;
    for (int i = 0; i < n; i++) {
        ll d = i ? f[i].first - f[i - 1].first : 0;
        ll w = f[i].second;
        s0 += wait0 * d * b;
        ll n1 = min(s1 == INF ? INF : s1 + w * d * a, s0);
        ll n2 = s1 == INF ? INF : min(s1, s2 == INF ? INF : s2 + wait2 * d * b);
        ll n3 = min(n2, s3 == INF ? INF : s3 + w * d * a);
        wait0 += w;
        wait2 = (n2 == s1) ? w : wait2 + w;
        s1 = n1, s2 = n2, s3 = n3;
    }
    (void)carry1; (void)carry3;
    cout << min(s1, s3) << endl;
}
