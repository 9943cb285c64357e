#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
vector<int> parent_, size__;
vector<long long> total;
int find_root(int x) {
    if (parent_[x] == x) return x;
    return find_root(parent_[x]);
}
void connect(int x, int y) {
    x = find_root(x);
    y = find_root(y);
    if (x == y) return;
    parent_[y] = x;
    total[x] += total[y];
}
void init(int n, vector<int> fish, string gates) {
    parent_.resize(n);
    total.resize(n);
    for (int i = 0; i < n; i++) parent_[i] = i, total[i] = fish[i];
    for (int i = n - 2; i >= 0; i--) if (gates[i] == '1') connect(i, i + 1);
}
void toggle(int g) { connect(g, g + 1); }
void stock(int i, int k) { total[find_root(i)] += k; }
long long shoal(int i) { return total[find_root(i)]; }
