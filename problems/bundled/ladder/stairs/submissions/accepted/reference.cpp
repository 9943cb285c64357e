#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, b;
    cin >> n >> b;
    vector<int> ways(n + 1);
    ways[0] = 1;
    for (int i = 1; i <= n; i++)
        for (int step = 1; step <= 3 && step <= i; step++)
            if (i != b) ways[i] = (ways[i] + ways[i - step]) % 1000007;
    cout << ways[n] << '\n';
}
