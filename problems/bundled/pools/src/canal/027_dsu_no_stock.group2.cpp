#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
vector<int> p, sz;
vector<int> total;
int find(int x) { return p[x] < 0 ? x : p[x] = find(p[x]); }
void init(int n, vector<int> fish, string gates) {
    p.assign(n, -1);
    total = fish;
    for (int i = 0; i < n - 1; i++) if (gates[i] == '1') toggle(i);
}
void toggle(int g) {
    int a = find(g), b = find(g + 1);
    if (a == b) return;
    if (p[a] > p[b]) swap(a, b);
    p[a] += p[b];
    p[b] = a;
    total[a] += total[b];
}
void stock(int i, int k) { total[find(i)] += k; }
long long shoal(int i) { return total[find(i)]; }
