#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, total = 0;
    cin >> n;
    bitset<10001> sums;
    sums[0] = true;
    while (n--) {
        cin >> a;
        total += a;
        sums |= sums << a;
    }
    int best = total;
    for (int s = 0; s <= total; s++)
        if (sums[s]) best = min(best, abs(total - 2 * s));
    cout << best << '\n';
}
