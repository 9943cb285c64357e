#include "canal.h"
#include <set>
using namespace std;
set<int> c;
vector<long long> b;
void stock(int i, int k) { for (i++; i < (int)b.size(); i += i & -i) b[i] += k; }
void init(int n, vector<int> fish, string gates) {
    b.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    c.insert(-1);
    c.insert(n - 1);
    for (int i = 0; i + 1 < n; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { c.insert(g); }
long long p(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += b[i]; return s; }
long long shoal(int i) {
    auto it = c.lower_bound(i);
    long long r = p(*it);
    return r - p(*--it);
}
