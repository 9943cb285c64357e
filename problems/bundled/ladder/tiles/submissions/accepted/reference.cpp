#include <bits/stdc++.h>
using namespace std;

int main() {
    long long n, found = 0;
    cin >> n;
    for (long long a = 1; a * a <= n; a++) found += n % a == 0;
    cout << found << '\n';
}
