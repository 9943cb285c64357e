#include <iostream>
#include <vector>
using namespace std;
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<pair<int, int>> f(n);
    for (auto& p : f) cin >> p.first >> p.second;
    double best = 1e30;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            float total = 0;
            for (int k = 0; k < n; k++) {
                float c1 = f[k].first > f[i].first ? (float)a * (f[k].first - f[i].first) : (float)b * (f[i].first - f[k].first);
                float c2 = f[k].first > f[j].first ? (float)a * (f[k].first - f[j].first) : (float)b * (f[j].first - f[k].first);
                total += f[k].second * min(c1, c2);
            }
            if (total < best) best = total;
        }
    printf("%.0f\n", best);
}
