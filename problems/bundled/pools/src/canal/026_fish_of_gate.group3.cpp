#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
set<int> shut;
vector<int> pre;
int n;
void init(int N, vector<int> fish, string gates) {
    n = N;
    pre.assign(n + 1, 0);
    for (int i = 0; i < n; i++) pre[i + 1] = pre[i] + fish[i];
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') shut.insert(i);
}
void toggle(int g) { if (shut.count(g)) shut.erase(g); else shut.insert(g); }
void stock(int i, int k) { (void)i; (void)k; }
long long shoal(int i) {
    auto it = shut.lower_bound(i);
    int r = it == shut.end() ? n : *it + 1;
    int l = it == shut.begin() ? 0 : *prev(it) + 1;
    return pre[r] - pre[l];
}
