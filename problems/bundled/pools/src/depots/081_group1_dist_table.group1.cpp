#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    vector<vector<long long>> d(100, vector<long long>(100));
    long long a, b;
    cin >> n >> a >> b;
    vector<long long> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            d.at(i).at(j) = x[j] > x[i] ? a * (x[j] - x[i]) * w[j] : b * (x[i] - x[j]) * w[j];
    long long best = LLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            long long s = 0;
            for (int k = 0; k < n; k++) s += min(d[i][k], d[j][k]);
            best = min(best, s);
        }
    cout << best << "\n";
}
