#include <bits/stdc++.h>
using namespace std;
int main() {
    int n, a, b, w;
    cin >> n >> a >> b;
    vector<long long> x(n);
    for (auto& v : x) cin >> v >> w;
    sort(x.begin(), x.end());
    long long p = x[n / 4], q = x[3 * n / 4], s = 0;
    for (auto v : x) s += min(abs(v - p), abs(v - q));
    cout << s * a << endl;
}
