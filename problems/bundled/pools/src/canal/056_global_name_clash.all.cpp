#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
set<int> closed;
vector<long long> data;
int size;
void add(int i, long long v) { for (i++; i <= size; i += i & -i) data[i] += v; }
void init(int n, vector<int> fish, string gates) {
    size = n;
    data.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(i, fish[i]);
    closed = {-1, n - 1};
    for (int g = 0; g < n - 1; g++) if (gates[g] == '0') closed.insert(g);
}
void toggle(int g) { if (!closed.erase(g)) closed.insert(g); }
void stock(int i, int k) { add(i, k); }
long long sum(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += data[i]; return s; }
long long shoal(int i) {
    auto it = closed.lower_bound(i);
    return sum(*it) - sum(*prev(it));
}
