#include <iostream>
#include <algorithm>
using namespace std;
int main() {
    long long n, a, b, lo = 2e9, hi = -1;
    cin >> n >> a >> b;
    long long x[100000], w[100000];
    for (int i = 0; i < n; i++) {
        cin >> x[i] >> w[i];
        lo = min(lo, x[i]);
        hi = max(hi, x[i]);
    }
    long long third = (hi - lo) / 3, p = lo + third, q = hi - third, c = 0;
    for (int i = 0; i < n; i++) {
        long long c1 = x[i] >= p ? (x[i] - p) * a : (p - x[i]) * b;
        long long c2 = x[i] >= q ? (x[i] - q) * a : (q - x[i]) * b;
        c += min(c1, c2) * w[i];
    }
    cout << c << endl;
}
