#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int n;
vector<ll> bit;
set<pair<int, int>> parts;
void add(int i, ll v) { for (i++; i <= n; i += i & -i) bit[i] += v; }
ll get(int i) { ll s = 0; for (i++; i > 0; i -= i & -i) s += bit[i]; return s; }
void init(int m, vector<int> fish, string gates) {
    n = m;
    bit.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(i, fish[i]);
    int l = 0;
    for (int i = 0; i < n; i++)
        if (i == n - 1 || gates[i] == '0') parts.insert({l, i}), l = i + 1;
}
set<pair<int, int>>::iterator where(int i) { return prev(parts.lower_bound({i, n})); }
void toggle(int g) {
    auto [l, r] = *where(g);
    if (r == g) {
        auto [l2, r2] = *where(g + 1);
        parts.erase({l, r});
        parts.erase({l2, r2});
        parts.insert({l, r2});
    } else {
        parts.erase({l, r});
        parts.insert({l, g});
        parts.insert({g, r});
    }
}
void stock(int i, int k) { add(i, k); }
ll shoal(int i) {
    auto [l, r] = *where(i);
    return get(r) - get(l - 1);
}
