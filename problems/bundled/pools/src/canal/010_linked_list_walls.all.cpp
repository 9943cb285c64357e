#include "canal.h"
#include <algorithm>
#include <list>
using namespace std;
// inserting into a list is O(1), and the fish are in a Fenwick tree
list<int> walls;
vector<long long> t;
void stock(int i, int k) { for (i++; i < (int)t.size(); i += i & -i) t[i] += k; }
void init(int n, vector<int> fish, string gates) {
    t.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    walls.push_back(-1);
    for (int g = 0; g + 1 < n; g++) if (gates[g] == '0') walls.push_back(g);
    walls.push_back(n - 1);
}
void toggle(int g) {
    auto it = find_if(walls.begin(), walls.end(), [g](int w) { return w >= g; });
    if (*it == g) walls.erase(it);
    else walls.insert(it, g);
}
static long long pre(int i) { long long s = 0; for (; i; i &= i - 1) s += t[i]; return s; }
long long shoal(int i) {
    auto it = find_if(walls.begin(), walls.end(), [i](int w) { return w >= i; });
    return pre(*it + 1) - pre(*prev(it) + 1);
}
