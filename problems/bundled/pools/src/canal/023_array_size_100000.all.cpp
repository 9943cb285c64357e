#include "canal.h"
#include <set>
#include <array>
using namespace std;
const int MAXN = 100005;
array<long long, MAXN> bit;
int n;
set<int> gate;
void add(int i, long long x) { for (i += 1; i <= n; i += i & (-i)) bit.at(i) += x; }
long long sum(int i) { long long r = 0; for (i += 1; i > 0; i -= i & (-i)) r += bit.at(i); return r; }
void init(int N, vector<int> fish, string gates) {
    n = N;
    for (int i = 0; i < n; i++) add(i, fish[i]);
    gate.insert(-1);
    gate.insert(n - 1);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') gate.insert(i);
}
void toggle(int g) {
    if (gate.count(g)) gate.erase(g);
    else gate.insert(g);
}
void stock(int i, int k) { add(i, k); }
long long shoal(int i) {
    auto it = gate.lower_bound(i);
    int hi = *it;
    int lo = *prev(it);
    return sum(hi) - sum(lo);
}
