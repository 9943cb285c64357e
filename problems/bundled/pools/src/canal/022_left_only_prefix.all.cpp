#include "canal.h"
#include <set>
using namespace std;
set<int> c;
vector<long long> t;
void stock(int i, int k) { for (i++; i < (int)t.size(); i += i & -i) t[i] += k; }
long long q(int i) { long long s = 0; while (i > 0) { s += t[i]; i -= i & -i; } return s; }
void init(int n, vector<int> fish, string gates) {
    t.resize(n);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    c.insert(-1);
    c.insert(n - 1);
    for (int i = 0; i < (int)gates.size(); i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { if (c.find(g) != c.end()) c.erase(g); else c.insert(g); }
long long shoal(int i) {
    auto it = c.lower_bound(i);
    int r = *it, l = *(--it);
    return q(r + 1) - q(l + 1);
}
