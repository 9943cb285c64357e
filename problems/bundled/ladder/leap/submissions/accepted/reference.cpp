#include <bits/stdc++.h>
using namespace std;

long long leaps(long long y) { return y / 4 - y / 100 + y / 400; }

int main() {
    long long a, b;
    cin >> a >> b;
    cout << leaps(b) - leaps(a - 1) << '\n';
}
