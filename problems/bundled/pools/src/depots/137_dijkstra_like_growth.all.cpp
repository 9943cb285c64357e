#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// grow two intervals from the two heaviest farms; always take the cheaper neighbour
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n;
    ll a, b;
    cin >> n >> a >> b;
    vector<pair<ll, ll>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    sort(f.begin(), f.end());
    int i = 0, j = n - 1;
    for (int k = 0; k < n; k++) if (f[k].second > f[i].second) i = k;
    j = i == 0 ? n - 1 : 0;
    for (int k = 0; k < n; k++) if (k != i && f[k].second > f[j].second) j = k;
    if (i > j) swap(i, j);
    ll c = 0;
    for (int k = 0; k < i; k++) c += b * f[k].second * (f[i].first - f[k].first);
    for (int k = j + 1; k < n; k++) c += a * f[k].second * (f[k].first - f[j].first);
    int l = i + 1, r = j - 1;
    while (l <= r) {
        ll left = a * (f[l].first - f[i].first) * f[l].second, right = b * (f[j].first - f[r].first) * f[r].second;
        if (left <= right) c += left, l++;
        else c += right, r--;
    }
    cout << c << "\n";
}
