#include "canal.h"
using namespace std;
static vector<vector<int>> members;
static vector<int> comp;
static vector<long long> total;
static void join(int u, int v) {
    u = comp[u];
    v = comp[v];
    if (u == v) return;
    if (members[u].size() < members[v].size()) swap(u, v);
    for (int x : members[v]) {
        comp[x] = u;
        members[u].push_back(x);
    }
    members[v].clear();
    total[u] += total[v];
    total[v] = 0;
}
void init(int n, vector<int> fish, string gates) {
    members.resize(n);
    comp.resize(n);
    total.resize(n);
    for (int i = 0; i < n; i++) {
        members[i] = {i};
        comp[i] = i;
        total[i] = fish[i];
    }
    for (int g = 0; g < n - 1; g++) if (gates[g] == '1') join(g, g + 1);
}
void toggle(int g) { join(g, g + 1); }
void stock(int i, int k) { total[comp[i]] += k; }
long long shoal(int i) { return total[comp[i]]; }
