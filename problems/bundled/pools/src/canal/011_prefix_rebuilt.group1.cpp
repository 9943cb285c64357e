#include "canal.h"
#include <set>
using namespace std;
vector<long long> val, pre;
set<int> s;
void init(int n, vector<int> fish, string gates) {
    val.assign(fish.begin(), fish.end());
    pre.assign(n + 1, 0);
    for (int i = 0; i < n; i++) pre[i + 1] = pre[i] + val[i];
    s = {-1, n - 1};
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') s.insert(i);
}
void toggle(int g) { if (s.count(g)) s.erase(g); else s.insert(g); }
void stock(int i, int k) {
    val[i] += k;
    for (int j = i; j < (int)val.size(); j++) pre[j + 1] = pre[j] + val[j];
}
long long shoal(int i) {
    auto it = s.lower_bound(i);
    int r = *it--;
    return pre[r + 1] - pre[*it + 1];
}
