#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    vector<pair<long long, int>> events;
    while (n--) {
        long long a, b;
        cin >> a >> b;
        events.push_back({a, 1});
        events.push_back({b + 1, -1});
    }
    sort(events.begin(), events.end());
    int now = 0, most = 0;
    for (auto [when, change] : events) most = max(most, now += change);
    cout << most << '\n';
}
