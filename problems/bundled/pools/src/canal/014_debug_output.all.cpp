#include "canal.h"
#include <iostream>
#include <set>
using namespace std;
set<int> c;
vector<long long> t;
int n;
void stock(int i, int k) { for (i++; i <= n; i += i & -i) t[i] += k; }
void init(int nn, vector<int> fish, string gates) {
    n = nn;
    t.resize(n + 1);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    c.insert(-1); c.insert(n - 1);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { if (c.count(g)) c.erase(g); else c.insert(g); }
long long sum(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += t[i]; return s; }
long long shoal(int i) {
    auto it = c.lower_bound(i);
    int r = *it, l = *prev(it);
    long long ans = sum(r) - sum(l);
    cout << "shoal(" << i << ") = " << ans << endl;
    return ans;
}
