#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, k, last = 0;
    cin >> n >> k;
    for (int size = 2; size <= n; size++) last = (last + k) % size;
    cout << last + 1 << '\n';
}
