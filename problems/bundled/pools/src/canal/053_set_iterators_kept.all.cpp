#include "canal.h"
#include <set>
using namespace std;
multiset<int> walls;
vector<long long> b;
void stock(int i, int k) { for (i++; i < (int)b.size(); i += i & -i) b[i] += k; }
long long get(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += b[i]; return s; }
void init(int n, vector<int> fish, string gates) {
    b.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    walls.insert(-1);
    walls.insert(n - 1);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') walls.insert(i);
}
void toggle(int g) {
    auto it = walls.find(g + 1);
    if (it != walls.end()) walls.erase(it);
    else walls.insert(g);
}
long long shoal(int i) {
    auto it = walls.lower_bound(i);
    return get(*it) - get(*prev(it));
}
