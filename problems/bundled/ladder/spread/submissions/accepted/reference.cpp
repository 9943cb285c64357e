#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, sum = 0;
    cin >> n;
    vector<long long> a(n);
    for (auto &x : a) cin >> x;
    sort(a.begin(), a.end());
    for (long long i = 0; i < n; i++) sum += a[i] * (2 * i - n + 1);
    cout << sum << '\n';
}
