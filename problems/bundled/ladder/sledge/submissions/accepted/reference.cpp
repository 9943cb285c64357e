#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, k;
    cin >> n >> k;
    vector<long long> sums(n + 1);
    for (int i = 0; i < n; i++) {
        long long a;
        cin >> a;
        sums[i + 1] = sums[i] + a;
    }
    long long best = LLONG_MIN;
    for (int i = k; i <= n; i++) best = max(best, sums[i] - sums[i - k]);
    cout << best << '\n';
}
