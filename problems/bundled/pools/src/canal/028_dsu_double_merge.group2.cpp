#include "canal.h"
#include <numeric>
using namespace std;
vector<int> up;
vector<long long> s;
int root(int v) { if (up[v] != v) up[v] = root(up[v]); return up[v]; }
void init(int n, vector<int> fish, string gates) {
    up.resize(n);
    iota(up.begin(), up.end(), 0);
    s.assign(fish.begin(), fish.end());
    for (int i = 0; i + 1 < n; i++)
        if (gates[i] == '1') {
            up[root(i + 1)] = root(i);
            s[root(i)] += s[i + 1];
        }
}
void toggle(int g) {
    int a = root(g), b = root(g + 1);
    up[b] = a;
    s[a] += s[b];
}
void stock(int i, int k) { s[i] += k; }
long long shoal(int i) { return s[root(i)]; }
