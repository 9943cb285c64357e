#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, a, low = LLONG_MAX, best = 0;
    cin >> n;
    while (n--) {
        cin >> a;
        low = min(low, a);
        best = max(best, a - low);
    }
    cout << best << '\n';
}
