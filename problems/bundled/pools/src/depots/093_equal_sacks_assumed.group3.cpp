#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<int> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    sort(x.begin(), x.end());
    int best = INT_MAX;
    vector<int> p(n + 1);
    for (int i = 0; i < n; i++) p[i + 1] = p[i] + x[i];
    for (int k = 0; k <= n; k++) {
        auto c = [&](int l, int r) {
            if (l >= r) return 0;
            int m = (l + r) / 2;
            return x[m] * (2 * m - l - r) - p[m] + p[l] + p[r] - p[m];
        };
        best = min(best, c(0, k) + c(k, n));
    }
    cout << a * best << endl;
}
