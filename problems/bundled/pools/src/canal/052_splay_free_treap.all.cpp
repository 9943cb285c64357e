#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
// implicit treaps, one a part
struct T { int l, r, p; unsigned pr; ll v, s; };
static vector<T> t;
static string st;
static mt19937 rng(5);
static ll S(int x) { return x < 0 ? 0 : t[x].s; }
static void pull(int x) {
    t[x].s = t[x].v + S(t[x].l) + S(t[x].r);
    if (t[x].l >= 0) t[t[x].l].p = x;
    if (t[x].r >= 0) t[t[x].r].p = x;
}
static int merge(int a, int b) {
    if (a < 0 || b < 0) return a < 0 ? b : a;
    if (t[a].pr > t[b].pr) { t[a].r = merge(t[a].r, b); pull(a); return a; }
    t[b].l = merge(a, t[b].l); pull(b); return b;
}
static void split(int x, int key, int& a, int& b) {  // a: indices <= key
    if (x < 0) { a = b = -1; return; }
    if (x <= key) { split(t[x].r, key, t[x].r, b); a = x; pull(x); }
    else { split(t[x].l, key, a, t[x].l); b = x; pull(x); }
}
static int top(int x) { while (t[x].p >= 0) x = t[x].p; return x; }
void init(int n, vector<int> fish, string gates) {
    st = gates;
    t.resize(n);
    for (int i = 0; i < n; i++) t[i] = {-1, -1, -1, rng(), fish[i], fish[i]};
    int cur = 0;
    for (int i = 1; i < n; i++) {
        if (gates[i - 1] == '1') { cur = merge(cur, i); t[cur].p = -1; }
        else cur = i;
    }
}
void toggle(int g) {
    if (st[g] == '1') {
        int a, b;
        split(top(g), g, a, b);
        if (a >= 0) t[a].p = -1;
        if (b >= 0) t[b].p = -1;
        st[g] = '0';
    } else {
        int r = merge(top(g), top(g + 1));
        t[r].p = -1;
        st[g] = '1';
    }
}
void stock(int i, int k) {
    t[i].v += k;
    for (int x = i; x >= 0; x = t[x].p) t[x].s += k;
}
ll shoal(int i) { return t[top(i)].s; }
