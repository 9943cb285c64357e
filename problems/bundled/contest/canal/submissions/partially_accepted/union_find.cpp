// @EXPECTED_GRADES@ WA AC WA WA
// Union-find: gates can be opened, and closing one is ignored.
#include "canal.h"

#include <numeric>

static std::vector<int> parent;
static std::vector<long long> sum;

static int find(int v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
}

void toggle(int g) {
    int a = find(g), b = find(g + 1);
    if (a == b) return;
    parent[b] = a;
    sum[a] += sum[b];
}

void init(int n, std::vector<int> fish, std::string gates) {
    parent.resize(n);
    std::iota(parent.begin(), parent.end(), 0);
    sum.assign(fish.begin(), fish.end());
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '1') toggle(g);
}

void stock(int i, int k) { sum[find(i)] += k; }

long long shoal(int i) { return sum[find(i)]; }
