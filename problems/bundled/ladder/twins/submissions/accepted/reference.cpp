#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, twins = 0;
    cin >> n;
    map<int, int> shown;
    while (n--) cin >> a, shown[a]++;
    for (auto [number, count] : shown) twins += count == 2;
    cout << twins << '\n';
}
