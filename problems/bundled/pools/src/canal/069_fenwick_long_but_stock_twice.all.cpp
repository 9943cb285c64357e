#include "canal.h"
#include <set>
using namespace std;
set<int> c;
vector<long long> t, a;
int n;
void up(int i, long long v) { for (i++; i <= n; i += i & -i) t[i] += v; }
long long q(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += t[i]; return s; }
void init(int m, vector<int> fish, string gates) {
    n = m;
    t.assign(n + 1, 0);
    a.assign(fish.begin(), fish.end());
    for (int i = 0; i < n; i++) up(i, a[i]);
    c = {-1, n - 1};
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { if (!c.erase(g)) c.insert(g); }
void stock(int i, int k) {
    a[i] += k;
    up(i, a[i]);
}
long long shoal(int i) {
    auto it = c.lower_bound(i);
    return q(*it) - q(*prev(it));
}
