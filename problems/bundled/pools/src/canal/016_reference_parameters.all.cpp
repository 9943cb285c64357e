#include "canal.h"
#include <set>
using namespace std;
static set<int> shut;
static vector<long long> tree;
static void add(int i, int k) { for (i++; i < (int)tree.size(); i += i & -i) tree[i] += k; }
void init(int n, const vector<int>& fish, const string& gates) {
    tree.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(i, fish[i]);
    shut = {-1, n - 1};
    for (int g = 0; g < n - 1; g++) if (gates[g] == '0') shut.insert(g);
}
void toggle(int g) { if (!shut.erase(g)) shut.insert(g); }
void stock(int i, int k) { add(i, k); }
static long long pre(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += tree[i]; return s; }
long long shoal(int i) {
    auto r = shut.lower_bound(i);
    auto l = r;
    --l;
    return pre(*r) - pre(*l);
}
