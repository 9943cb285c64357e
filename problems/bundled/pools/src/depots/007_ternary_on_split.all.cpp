#include <bits/stdc++.h>
using namespace std;
#define int long long

int n, a, b;
vector<array<int, 2>> f;
vector<int> W, S;

int seg(int l, int r) {
    if (l > r) return 0;
    int t = W[r + 1] - W[l], lo = l, hi = r;
    while (lo < hi) {
        int m = (lo + hi) >> 1;
        if ((W[m + 1] - W[l]) * b >= (t - (W[m + 1] - W[l])) * a) hi = m;
        else lo = m + 1;
    }
    int x = f[lo][0];
    return b * (x * (W[lo] - W[l]) - (S[lo] - S[l])) + a * (S[r + 1] - S[lo] - x * (W[r + 1] - W[lo]));
}
int get(int k) { return seg(0, k) + seg(k + 1, n - 1); }

signed main() {
    cin.tie(0)->sync_with_stdio(0);
    cin >> n >> a >> b;
    f.resize(n);
    for (auto& p : f) cin >> p[0] >> p[1];
    sort(f.begin(), f.end());
    W.assign(n + 1, 0), S.assign(n + 1, 0);
    for (int i = 0; i < n; i++) W[i + 1] = W[i] + f[i][1], S[i + 1] = S[i] + f[i][0] * f[i][1];
    int lo = 0, hi = n - 1;
    while (hi - lo > 3) {
        int m1 = lo + (hi - lo) / 3, m2 = hi - (hi - lo) / 3;
        if (get(m1) <= get(m2)) hi = m2;
        else lo = m1;
    }
    int ans = LLONG_MAX;
    for (int k = lo; k <= hi; k++) ans = min(ans, get(k));
    cout << ans << '\n';
}
