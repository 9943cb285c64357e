#include "canal.h"
#include <set>
using namespace std;
set<int> st;
vector<int> seg;
int sz = 1;
void init(int n, vector<int> fish, string gates) {
    while (sz < n) sz <<= 1;
    seg.assign(2 * sz, 0);
    for (int i = 0; i < n; i++) seg[sz + i] = fish[i];
    for (int i = sz - 1; i; i--) seg[i] = seg[2 * i] + seg[2 * i + 1];
    st.insert(-1);
    st.insert(n - 1);
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') st.insert(i);
}
void toggle(int g) { if (st.count(g)) st.erase(g); else st.insert(g); }
void stock(int i, int k) { for (i += sz; i; i >>= 1) seg[i] += k; }
long long shoal(int i) {
    auto it = st.lower_bound(i);
    int r = *it + 1 + sz, l = *prev(it) + 1 + sz;
    long long s = 0;
    for (; l < r; l >>= 1, r >>= 1) {
        if (l & 1) s += seg[l++];
        if (r & 1) s += seg[--r];
    }
    return s;
}
