#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a;
    cin >> n;
    set<int> points;
    while (n--) cin >> a, points.insert(a);
    cout << (points.size() < 2 ? -1 : *next(points.rbegin())) << '\n';
}
