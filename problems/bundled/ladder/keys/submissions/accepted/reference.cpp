#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, free_one = 1;
    cin >> n;
    set<int> taken;
    while (n--) cin >> a, taken.insert(a);
    while (taken.count(free_one)) free_one++;
    cout << free_one << '\n';
}
