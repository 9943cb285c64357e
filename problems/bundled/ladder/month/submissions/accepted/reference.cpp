#include <bits/stdc++.h>
using namespace std;

int main() {
    int m, y;
    cin >> m >> y;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    cout << days[m - 1] << '\n';
}
