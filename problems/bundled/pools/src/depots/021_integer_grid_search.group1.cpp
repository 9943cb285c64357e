#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    long long a, b;
    cin >> n >> a >> b;
    vector<long long> x(n), w(n);
    long long lo = 1e18, hi = 0;
    for (int i = 0; i < n; i++) {
        cin >> x[i] >> w[i];
        lo = min(lo, x[i]);
        hi = max(hi, x[i]);
    }
    long long best = 1e18;
    for (long long p = lo; p <= hi; p++)
        for (long long q = p; q <= hi; q++) {
            long long s = 0;
            for (int i = 0; i < n; i++) {
                long long c = x[i] > p ? (x[i] - p) * a : (p - x[i]) * b;
                long long d = x[i] > q ? (x[i] - q) * a : (q - x[i]) * b;
                s += min(c, d) * w[i];
            }
            best = min(best, s);
        }
    cout << best;
}
