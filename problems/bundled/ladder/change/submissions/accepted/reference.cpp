#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, k;
    cin >> n >> k;
    vector<int> a(n), few(k + 1, k + 1);
    for (int& x : a) cin >> x;
    few[0] = 0;
    for (int s = 1; s <= k; s++)
        for (int x : a)
            if (x <= s) few[s] = min(few[s], few[s - x] + 1);
    cout << (few[k] > k ? -1 : few[k]) << '\n';
}
