#include <bits/stdc++.h>
using namespace std;

long long count_sorted(vector<int>& a, int from, int to) {
    if (to - from < 2) return 0;
    int middle = (from + to) / 2;
    long long found = count_sorted(a, from, middle) + count_sorted(a, middle, to);
    for (int i = from, j = middle; i < middle; i++) {
        while (j < to && a[j] < a[i]) j++;
        found += j - middle;
    }
    inplace_merge(a.begin() + from, a.begin() + middle, a.begin() + to);
    return found;
}

int main() {
    int n;
    cin >> n;
    vector<int> a(n);
    for (int& x : a) cin >> x;
    cout << count_sorted(a, 0, n) << '\n';
}
