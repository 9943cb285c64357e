#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
struct Node { ll sum, lef, rig; bool all; };
int n;
vector<Node> t;
string g;
vector<ll> a;
Node merge(const Node& x, const Node& y, bool open) {
    Node r;
    r.sum = x.sum + y.sum;
    r.all = x.all && y.all && open;
    r.lef = x.lef + (x.all && open ? y.lef : 0);
    r.rig = y.rig + (y.all && open ? x.rig : 0);
    return r;
}
void build(int v, int l, int r) {
    if (l == r) { t[v] = {a[l], a[l], a[l], true}; return; }
    int m = (l + r) / 2;
    build(2 * v, l, m); build(2 * v + 1, m + 1, r);
    t[v] = merge(t[2 * v], t[2 * v + 1], g[m] == '1');
}
void change(int v, int l, int r, int i) {
    if (l == r) { t[v] = {a[l], a[l], a[l], true}; return; }
    int m = (l + r) / 2;
    if (i <= m) change(2 * v, l, m, i); else change(2 * v + 1, m + 1, r, i);
    t[v] = merge(t[2 * v], t[2 * v + 1], g[m] == '1');
}
Node query(int v, int l, int r, int a_, int b_) {
    if (a_ <= l && r <= b_) return t[v];
    int m = (l + r) / 2;
    if (b_ <= m) return query(2 * v, l, m, a_, b_);
    if (a_ > m) return query(2 * v + 1, m + 1, r, a_, b_);
    return merge(query(2 * v, l, m, a_, b_), query(2 * v + 1, m + 1, r, a_, b_), g[m] == '1');
}
void init(int n_, vector<int> fish, string gates) {
    n = n_; g = gates; a.assign(fish.begin(), fish.end());
    t.resize(4 * n);
    build(1, 0, n - 1);
}
void toggle(int i) { g[i] ^= 1; change(1, 0, n - 1, i); }
void stock(int i, int k) { a[i] += k; change(1, 0, n - 1, i); }
ll shoal(int i) { return query(1, 0, n - 1, 0, i).rig + query(1, 0, n - 1, i, n - 1).lef; }
