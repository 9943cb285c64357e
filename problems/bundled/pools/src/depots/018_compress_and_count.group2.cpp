#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a, b;
    cin >> n >> a >> b;
    map<int, int> need;
    for (int i = 0; i < n; i++) {
        int x, w;
        cin >> x >> w;
        need[x] += w;
    }
    vector<pair<int, int>> v(need.begin(), need.end());
    int m = v.size();
    vector<long long> sw(m + 1), sx(m + 1);
    for (int i = 0; i < m; i++) {
        sw[i + 1] = sw[i] + v[i].second;
        sx[i + 1] = sx[i] + v[i].first * v[i].second;
    }
    long long best = LLONG_MAX;
    for (int i = 0; i < m; i++)
        for (int j = i; j < m; j++) {
            // farms between i and j: the border where both cost the same
            long long p = v[i].first, q = v[j].first;
            long long border = (a * p + b * q) / (a + b);
            int k = upper_bound(v.begin(), v.end(), make_pair((int)border, INT_MAX)) - v.begin();
            long long c = 0;
            c += b * (p * sw[i] - sx[i]);
            c += a * ((sx[k] - sx[i]) - p * (sw[k] - sw[i]));
            c += b * (q * (sw[j] - sw[k]) - (sx[j] - sx[k]));
            c += a * ((sx[m] - sx[j]) - q * (sw[m] - sw[j]));
            best = min(best, c);
        }
    cout << best << endl;
}
