#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    long long a, b;
    cin >> n >> a >> b;
    vector<long long> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    long long best = LLONG_MAX;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            long long total = 0;
            for (int k = 0; k < n; k++) {
                long long c1 = x[k] >= x[i] ? (x[k] - x[i]) * a : (x[i] - x[k]) * b;
                long long c2 = x[k] >= x[j] ? (x[k] - x[j]) * a : (x[j] - x[k]) * b;
                total += min(c1, c2) * w[k];
            }
            best = min(best, total);
        }
    }
    cout << best << endl;
}
