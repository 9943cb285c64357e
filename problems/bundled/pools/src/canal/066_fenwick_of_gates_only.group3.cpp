#include "canal.h"
using namespace std;
// no stock: prefix sums, and the walls by doubling over a Fenwick tree of closed gates
static vector<long long> pre;
static vector<int> t;
static string g;
static int n, LOG = 1;
static void add(int i, int v) { for (i++; i <= n; i += i & -i) t[i] += v; }
static int sum(int i) { int s = 0; for (; i > 0; i -= i & -i) s += t[i]; return s; }
static int kth(int k) {  // 0-based position of the k-th closed gate, k from 1
    int p = 0;
    for (int b = LOG; b; b >>= 1)
        if (p + b <= n && t[p + b] < k) { p += b; k -= t[p]; }
    return p;
}
void init(int m, vector<int> fish, string gates) {
    n = m;
    g = gates + "0";
    while (LOG * 2 <= n) LOG *= 2;
    t.assign(n + 1, 0);
    pre.assign(n + 1, 0);
    for (int i = 0; i < n; i++) {
        pre[i + 1] = pre[i] + fish[i];
        if (g[i] == '0') add(i, 1);
    }
}
void toggle(int i) {
    add(i, g[i] == '0' ? -1 : 1);
    g[i] = g[i] == '0' ? '1' : '0';
}
void stock(int, int) {}
long long shoal(int i) {
    int before = sum(i);
    int r = kth(before + 1), l = before ? kth(before) + 1 : 0;
    return pre[r + 1] - pre[l];
}
