#include <bits/stdc++.h>
using namespace std;
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<long long> x(n);
    for (auto& v : x) {
        int w;
        cin >> v >> w;
    }
    sort(x.begin(), x.end());
    long long best = LLONG_MAX;
    for (int k = 0; k < n; k++) {
        long long c = 0;
        long long m1 = x[k / 2], m2 = x[(k + n) / 2];
        for (int i = 0; i < k; i++) c += abs(x[i] - m1);
        for (int i = k; i < n; i++) c += abs(x[i] - m2);
        best = min(best, c);
    }
    cout << best * a << endl;
}
