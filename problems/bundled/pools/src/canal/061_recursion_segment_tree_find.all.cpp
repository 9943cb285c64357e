#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
int n;
vector<long long> s;
vector<int> mx, mn;  // largest and smallest closed gate in the node
string g;
void build(int v, int l, int r, const vector<int>& f) {
    if (l == r) {
        s.at(v) = f[l];
        bool c = l == n - 1 || g[l] == '0';
        mx.at(v) = c ? l : -1;
        mn.at(v) = c ? l : n;
        return;
    }
    int m = (l + r) / 2;
    build(2 * v, l, m, f);
    build(2 * v + 1, m + 1, r, f);
    s[v] = s[2 * v] + s[2 * v + 1];
    mx[v] = max(mx[2 * v], mx[2 * v + 1]);
    mn[v] = min(mn[2 * v], mn[2 * v + 1]);
}
void upd(int v, int l, int r, int i, int k) {
    if (l == r) {
        s[v] += k;
        bool c = l == n - 1 || g[l] == '0';
        mx[v] = c ? l : -1;
        mn[v] = c ? l : n;
        return;
    }
    int m = (l + r) / 2;
    i <= m ? upd(2 * v, l, m, i, k) : upd(2 * v + 1, m + 1, r, i, k);
    s[v] = s[2 * v] + s[2 * v + 1];
    mx[v] = max(mx[2 * v], mx[2 * v + 1]);
    mn[v] = min(mn[2 * v], mn[2 * v + 1]);
}
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    g = gates;
    s.resize(2 * n);
    mx.resize(2 * n);
    mn.resize(2 * n);
    build(1, 0, n - 1, fish);
}
void toggle(int i) { g[i] = g[i] == '0' ? '1' : '0'; upd(1, 0, n - 1, i, 0); }
void stock(int i, int k) { upd(1, 0, n - 1, i, k); }
int right_(int v, int l, int r, int i) {
    if (r < i || mx[v] < i) return n;
    if (l == r) return l;
    int m = (l + r) / 2, x = right_(2 * v, l, m, i);
    return x < n ? x : right_(2 * v + 1, m + 1, r, i);
}
int left_(int v, int l, int r, int i) {
    if (l >= i || mn[v] >= i) return -1;
    if (l == r) return l;
    int m = (l + r) / 2, x = left_(2 * v + 1, m + 1, r, i);
    return x >= 0 ? x : left_(2 * v, l, m, i);
}
long long sum(int v, int l, int r, int a, int b) {
    if (b < l || r < a) return 0;
    if (a <= l && r <= b) return s[v];
    int m = (l + r) / 2;
    return sum(2 * v, l, m, a, b) + sum(2 * v + 1, m + 1, r, a, b);
}
long long shoal(int i) { return sum(1, 0, n - 1, left_(1, 0, n - 1, i) + 1, right_(1, 0, n - 1, i)); }
