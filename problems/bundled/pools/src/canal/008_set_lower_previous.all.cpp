#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
struct Fenwick {
    vector<ll> f;
    void init(int n) { f.assign(n + 1, 0); }
    void add(int i, ll v) { for (; i < (int)f.size(); i |= i + 1) f[i] += v; }
    ll sum(int i) { ll s = 0; for (; i >= 0; i = (i & (i + 1)) - 1) s += f[i]; return s; }
} fw;
set<int> closed_gates;
int N;
void init(int n, vector<int> fish, string gates) {
    N = n;
    fw.init(n);
    for (int i = 0; i < n; i++) fw.add(i, fish[i]);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') closed_gates.insert(i);
}
void toggle(int g) {
    if (closed_gates.count(g)) closed_gates.erase(g); else closed_gates.insert(g);
}
void stock(int i, int k) { fw.add(i, k); }
ll shoal(int i) {
    auto r = closed_gates.upper_bound(i);
    int right = (r == closed_gates.end()) ? N - 1 : *r;
    int left = 0;
    if (r != closed_gates.begin()) left = *prev(r) + 1;
    return fw.sum(right) - fw.sum(left - 1);
}
