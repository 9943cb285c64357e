#include "canal.h"
#include <set>
using namespace std;
int n;
set<int> cl;
vector<long long> t;
void add(int i, long long v) { for (i++; i <= n; i += i & -i) t[i] += v; }
long long get(int i) { long long r = 0; for (; i > 0; i -= i & -i) r += t[i]; return r; }
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    t.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(i, fish[i]);
    cl.insert(-1);
    cl.insert(n);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') cl.insert(i);
}
void toggle(int g) { if (!cl.insert(g).second) cl.erase(g); }
void stock(int i, int k) { add(i, k); }
long long shoal(int i) {
    auto it = cl.lower_bound(i);
    int r = min(*it, n - 1);
    it--;
    return get(r) - get(*it + 1);
}
