#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
#define int long long
static set<int> s;
static vector<int> t;
static int n;
static void upd(int i, int v) { while (i < n) { t[i] += v; i |= i + 1; } }
static int pre(int i) { int r = 0; while (i >= 0) { r += t[i]; i = (i & (i + 1)) - 1; } return r; }
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    t.assign(n, 0);
    for (int i = 0; i < n; i++) upd(i, fish[i]);
    s = {-1, n - 1};
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') s.insert(i);
}
void toggle(int g) { if (!s.erase(g)) s.insert(g); }
void stock(int i, int k) { upd(i, k); }
long long shoal(int i) {
    auto it = s.lower_bound(i);
    return pre(*it) - pre(*prev(it));
}
