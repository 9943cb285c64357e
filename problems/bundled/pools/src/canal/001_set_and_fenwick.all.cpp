#include "canal.h"
#include <bits/stdc++.h>
using namespace std;

static int N;
static vector<long long> bit;
static set<int> walls;

static void upd(int i, long long v) {
    for (++i; i <= N; i += i & -i) bit[i] += v;
}
static long long qry(int i) {
    long long s = 0;
    for (++i; i > 0; i -= i & -i) s += bit[i];
    return s;
}

void init(int n, vector<int> fish, string gates) {
    N = n;
    bit.assign(n + 1, 0);
    for (int i = 0; i < n; i++) upd(i, fish[i]);
    walls.insert(-1);
    walls.insert(n - 1);
    for (int i = 0; i < n - 1; i++)
        if (gates[i] == '0') walls.insert(i);
}

void toggle(int g) {
    auto it = walls.find(g);
    if (it == walls.end()) walls.insert(g);
    else walls.erase(it);
}

void stock(int i, int k) { upd(i, k); }

long long shoal(int i) {
    auto it = walls.lower_bound(i);
    int r = *it;
    int l = *prev(it);
    return qry(r) - qry(l);
}
