#include <bits/stdc++.h>
using namespace std;
int main() {
    int n, a, b;
    cin >> n >> a >> b;
    vector<long long> x(n);
    int w;
    for (auto& v : x) cin >> v >> w;
    int half = (n + 1) / 2;
    nth_element(x.begin(), x.begin() + half - 1, x.end());
    long long m = x[half - 1], best = 0;
    for (auto v : x) best += llabs(v - m);
    // second depot: take the worst side
    vector<long long> left, right;
    for (auto v : x) (v <= m ? left : right).push_back(v);
    auto cost = [](vector<long long> v) {
        if (v.empty()) return 0LL;
        nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
        long long c = 0, d = v[v.size() / 2];
        for (auto y : v) c += llabs(y - d);
        return c;
    };
    cout << a * min(best, cost(left) + cost(right)) << endl;
}
