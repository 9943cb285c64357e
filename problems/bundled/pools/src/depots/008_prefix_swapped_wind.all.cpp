#include <iostream>
#include <vector>
#include <algorithm>
using namespace std;

int main() {
    ios_base::sync_with_stdio(false);
    cin.tie(NULL);
    int n;
    long long a, b;
    cin >> n >> a >> b;
    vector<pair<long long, long long>> farms(n);
    for (int i = 0; i < n; i++) cin >> farms[i].first >> farms[i].second;
    sort(farms.begin(), farms.end());
    // Only farms are candidates. best[i] = cheapest cost for farms 0..i with one depot
    vector<long long> left(n, 0), right(n + 1, 0);
    long long weight = 0, cost = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0) cost += weight * (farms[i].first - farms[i - 1].first) * a;
        weight += farms[i].second;
        left[i] = cost;
    }
    weight = 0;
    cost = 0;
    for (int i = n - 1; i >= 0; i--) {
        if (i < n - 1) cost += weight * (farms[i + 1].first - farms[i].first) * b;
        weight += farms[i].second;
        right[i] = cost;
    }
    long long ans = left[n - 1];
    for (int i = 0; i < n; i++) ans = min(ans, left[i] + right[i + 1]);
    cout << ans << endl;
}
