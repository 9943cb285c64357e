#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, before = INT_MAX, hills = 0;
    bool rose = false;
    cin >> n;
    while (n--) {
        cin >> a;
        if (a > before) rose = true;
        if (a < before) hills += rose, rose = false;
        before = a;
    }
    cout << hills << '\n';
}
