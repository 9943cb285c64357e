#include "canal.h"
#include <numeric>
using namespace std;
// union find, rebuilt from scratch whenever a gate is closed
static vector<int> par;
static vector<long long> tot, fishes;
static string st;
static int find(int v) { while (par[v] != v) v = par[v] = par[par[v]]; return v; }
static void join(int g) {
    int a = find(g), b = find(g + 1);
    if (a != b) { par[a] = b; tot[b] += tot[a]; }
}
static void build() {
    int n = fishes.size();
    par.resize(n);
    iota(par.begin(), par.end(), 0);
    tot = fishes;
    for (int g = 0; g + 1 < n; g++) if (st[g] == '1') join(g);
}
void init(int n, vector<int> fish, string gates) {
    fishes.assign(fish.begin(), fish.end());
    st = gates;
    build();
}
void toggle(int g) {
    if (st[g] == '0') { st[g] = '1'; join(g); }
    else { st[g] = '0'; build(); }
}
void stock(int i, int k) { fishes[i] += k; tot[find(i)] += k; }
long long shoal(int i) { return tot[find(i)]; }
