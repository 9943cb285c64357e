#include "canal.h"
using namespace std;
vector<vector<int>> parts;
vector<long long> a;
string gg;
void build() {
    parts.clear();
    parts.push_back({0});
    for (int i = 1; i < (int)a.size(); i++) {
        if (gg[i - 1] == '0') parts.push_back({});
        parts.back().push_back(i);
    }
}
void init(int n, vector<int> fish, string gates) { a.assign(fish.begin(), fish.end()); gg = gates; build(); }
void toggle(int g) { gg[g] = gg[g] == '0' ? '1' : '0'; build(); }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    for (auto& p : parts)
        if (p.front() <= i && i <= p.back()) {
            long long s = 0;
            for (int j : p) s += a[j];
            return s;
        }
    return 0;
}
