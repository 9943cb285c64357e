#include "canal.h"
#include <set>
using namespace std;
static set<int> open_gates;
static vector<long long> pre;
static int n;
void init(int m, vector<int> fish, string gates) {
    n = m;
    pre.assign(n + 1, 0);
    for (int i = 1; i <= n; i++) pre[i] = pre[i - 1] + fish[i - 1];
    for (int i = 0; i < n - 1; i++) if (gates[i] == '1') open_gates.insert(i);
}
void toggle(int g) { if (!open_gates.erase(g)) open_gates.insert(g); }
void stock(int, int) {}
long long shoal(int i) {
    int r = i;
    for (auto it = open_gates.lower_bound(i); it != open_gates.end() && *it == r; ++it) r++;
    int l = i;
    auto it = open_gates.lower_bound(i);
    while (it != open_gates.begin() && *--it == l - 1) l--;
    return pre[r + 1] - pre[l];
}
