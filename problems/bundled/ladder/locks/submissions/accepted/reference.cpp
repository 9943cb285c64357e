#include <bits/stdc++.h>
using namespace std;

int main() {
    int a, b, found = 0;
    cin >> a >> b;
    vector<bool> divided(b + 1);
    for (int p = 2; p <= b; p++) {
        found += !divided[p] && p >= a;
        if (!divided[p])
            for (long long m = 1LL * p * p; m <= b; m += p) divided[m] = true;
    }
    cout << found << '\n';
}
