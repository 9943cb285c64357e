#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a;
    cin >> n;
    vector<int> ends;
    while (n--) {
        cin >> a;
        auto place = lower_bound(ends.begin(), ends.end(), a);
        if (place == ends.end()) ends.push_back(a);
        else *place = a;
    }
    cout << ends.size() << '\n';
}
