#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    long long k;
    cin >> n >> k;
    vector<long long> seen(k);
    long long pairs = 0;
    for (int i = 0; i < n; i++) {
        long long a;
        cin >> a;
        pairs += seen[(k - a % k) % k];
        seen[a % k]++;
    }
    cout << pairs << '\n';
}
