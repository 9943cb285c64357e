#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, k, a, pairs = 0;
    cin >> n >> k;
    unordered_map<long long, long long> seen;
    while (n--) {
        cin >> a;
        auto other = seen.find(k - a);
        if (other != seen.end()) pairs += other->second;
        seen[a]++;
    }
    cout << pairs << '\n';
}
