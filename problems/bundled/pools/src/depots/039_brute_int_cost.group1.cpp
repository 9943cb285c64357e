#include <iostream>
#include <vector>
#include <algorithm>
#include <climits>
using namespace std;
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<int> x(n), w(n);
    for (int i = 0; i < n; i++) cin >> x[i] >> w[i];
    int best = INT_MAX;
    for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
            int total = 0;
            for (int k = 0; k < n; k++) {
                int c1 = x[k] > x[i] ? a * (x[k] - x[i]) : b * (x[i] - x[k]);
                int c2 = x[k] > x[j] ? a * (x[k] - x[j]) : b * (x[j] - x[k]);
                total += w[k] * min(c1, c2);
            }
            best = min(best, total);
        }
    }
    cout << best << endl;
    return 0;
}
