#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, flashes = 0, run = 0;
    cin >> n;
    for (; n; n /= 2) {
        run = n % 2 ? run + 1 : 0;
        flashes += run == 2;
    }
    cout << flashes << '\n';
}
