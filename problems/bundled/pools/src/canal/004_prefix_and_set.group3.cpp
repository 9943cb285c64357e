#include "canal.h"
#include <set>
using namespace std;
set<int> closed;
vector<long long> pre;
int n_;
void init(int n, vector<int> fish, string gates) {
    n_ = n;
    pre.resize(n + 1);
    for (int i = 0; i < n; i++) pre[i + 1] = pre[i] + fish[i];
    for (int i = 0; i + 1 < n; i++) if (gates[i] == '0') closed.insert(i);
}
void toggle(int g) {
    if (closed.count(g)) closed.erase(g);
    else closed.insert(g);
}
void stock(int i, int k) {}
long long shoal(int i) {
    auto it = closed.lower_bound(i);
    int r = it == closed.end() ? n_ - 1 : *it;
    int l = 0;
    if (it != closed.begin()) l = *(--it) + 1;
    return pre[r + 1] - pre[l];
}
