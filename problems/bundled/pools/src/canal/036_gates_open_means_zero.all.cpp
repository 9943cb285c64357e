#include "canal.h"
#include <set>
using namespace std;
typedef long long ll;
set<int> walls;
vector<ll> bit;
int sz;
void add(int i, ll v) { for (++i; i <= sz; i += i & -i) bit[i] += v; }
ll get(int i) { ll r = 0; for (++i; i; i -= i & -i) r += bit[i]; return r; }
void init(int n, vector<int> fish, string gates) {
    sz = n;
    bit.resize(n + 1);
    walls = {-1, n - 1};
    for (int i = 0; i < n; i++) {
        add(i, fish[i]);
        if (i < n - 1 && gates[i] == '1') walls.insert(i);
    }
}
void toggle(int g) { if (walls.count(g)) walls.erase(g); else walls.insert(g); }
void stock(int i, int k) { add(i, k); }
ll shoal(int i) {
    auto it = walls.lower_bound(i);
    int r = *it;
    --it;
    return get(r) - get(*it);
}
