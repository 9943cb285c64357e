#include "canal.h"
#include <numeric>
using namespace std;
// gates that get closed are rare, so mark the structure dirty and rebuild at the next question
static int n;
static vector<int> p;
static vector<long long> a, s;
static string g;
static bool dirty;
static int f(int v) { while (p[v] != v) v = p[v] = p[p[v]]; return v; }
static void rebuild() {
    iota(p.begin(), p.end(), 0);
    s = a;
    for (int i = 1; i < n; i++)
        if (g[i - 1] == '1') {
            p[i] = p[i - 1];
            s[p[i]] += a[i];
        }
    dirty = false;
}
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    p.resize(n);
    a.assign(fish.begin(), fish.end());
    g = gates;
    rebuild();
}
void toggle(int i) {
    if (g[i] == '1') { g[i] = '0'; dirty = true; return; }
    g[i] = '1';
    if (dirty) return;
    int u = f(i), v = f(i + 1);
    p[v] = u;
    s[u] += s[v];
}
void stock(int i, int k) {
    a[i] += k;
    if (!dirty) s[f(i)] += k;
}
long long shoal(int i) {
    if (dirty) rebuild();
    return s[f(i)];
}
