#include "canal.h"
#include <set>
using namespace std;
set<int> c;
vector<long long> t, cur;
void add(int i, long long v) { for (i++; i < (int)t.size(); i += i & -i) t[i] += v; }
long long sum(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += t[i]; return s; }
void stock(int i, int k) {
    add(i, k - cur[i]);
    cur[i] = k;
}
void init(int n, vector<int> fish, string gates) {
    t.assign(n + 1, 0);
    cur.assign(n, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    c.insert(-1);
    c.insert(n - 1);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { if (c.count(g)) c.erase(g); else c.insert(g); }
long long shoal(int i) {
    auto it = c.lower_bound(i);
    int r = *it, l = *prev(it);
    return sum(r) - sum(l);
}
