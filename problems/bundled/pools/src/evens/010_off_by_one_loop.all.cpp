#include <bits/stdc++.h>
using namespace std;
int main() {
    int n;
    cin >> n;
    vector<int> x(n);
    for (auto& v : x) cin >> v;
    int c = 0;
    for (int i = 1; i < n; i++)
        if (x[i] % 2 == 0) c++;
    cout << c << endl;
}
