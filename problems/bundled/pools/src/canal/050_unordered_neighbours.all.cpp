#include "canal.h"
#include <unordered_set>
using namespace std;
static unordered_set<int> closed;
static vector<long long> tree;
static int n;
void stock(int i, int k) { for (i++; i <= n; i += i & -i) tree[i] += k; }
static long long pre(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += tree[i]; return s; }
void init(int m, vector<int> fish, string gates) {
    n = m;
    tree.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') closed.insert(i);
}
void toggle(int g) { if (closed.count(g)) closed.erase(g); else closed.insert(g); }
long long shoal(int i) {
    int r = i, l = i - 1;
    while (r < n - 1 && !closed.count(r)) r++;
    while (l >= 0 && !closed.count(l)) l--;
    return pre(r) - pre(l);
}
