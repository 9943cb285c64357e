#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    cin >> n;
    vector<int> x(n);
    for (auto& v : x) cin >> v;
    cout << count_if(x.begin(), x.end(), [](int v) { return v % 2 == 0; }) << '\n';
}
