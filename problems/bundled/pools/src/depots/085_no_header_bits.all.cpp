#include <iostream>
#include <vector>
using namespace std;

int main() {
    int n;
    long long a, b;
    cin >> n >> a >> b;
    vector<pair<long long, long long>> farms(n);
    for (auto &[x, w] : farms) cin >> x >> w;
    sort(farms.begin(), farms.end());
    long long best = LLONG_MAX;
    for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
            long long c = 0;
            for (auto [x, w] : farms) {
                long long c1 = x > farms[i].first ? a * (x - farms[i].first) : b * (farms[i].first - x);
                long long c2 = x > farms[j].first ? a * (x - farms[j].first) : b * (farms[j].first - x);
                c += w * min(c1, c2);
            }
            best = min(best, c);
        }
    }
    cout << best << endl;
}
