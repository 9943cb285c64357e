#include <bits/stdc++.h>
using namespace std;

int main() {
    int n, a;
    cin >> n;
    map<int, int> votes;
    while (n--) cin >> a, votes[a]++;
    pair<int, int> best = {0, 0};
    for (auto [number, count] : votes) best = max(best, {count, -number});
    cout << -best.second << ' ' << best.first << '\n';
}
