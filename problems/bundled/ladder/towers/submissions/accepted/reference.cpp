#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    vector<int> a(n), seen(n);
    for (int& x : a) cin >> x;
    for (int i = 0, top = 0; i < n; i++)
        if (a[i] > top) top = a[i], seen[i] = 1;
    for (int i = n - 1, top = 0; i >= 0; i--)
        if (a[i] > top) top = a[i], seen[i] = 1;
    cout << accumulate(seen.begin(), seen.end(), 0) << '\n';
}
