#include "canal.h"
using namespace std;
// Two Fenwick trees: fish and closed gates; the walls are found by binary search.
int n;
vector<long long> F;
vector<int> C;
string G;
template <class T> void add(vector<T>& t, int i, T v) { for (i++; i < (int)t.size(); i += i & -i) t[i] += v; }
template <class T> T sum(const vector<T>& t, int i) { T s = 0; for (i++; i > 0; i -= i & -i) s += t[i]; return s; }
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    G = gates;
    F.assign(n + 1, 0);
    C.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(F, i, (long long)fish[i]);
    for (int i = 0; i < n - 1; i++) if (G[i] == '0') add(C, i, 1);
}
void toggle(int g) {
    add(C, g, G[g] == '1' ? 1 : -1);
    G[g] = G[g] == '1' ? '0' : '1';
}
void stock(int i, int k) { add(F, i, (long long)k); }
long long shoal(int i) {
    int before = sum(C, i - 1);
    int lo = i, hi = n - 1;  // last basin reached: smallest r >= i with a closed gate r
    while (lo < hi) {
        int m = (lo + hi) / 2;
        if (sum(C, m) > before) hi = m;
        else lo = m + 1;
    }
    int r = lo;
    lo = 0, hi = i;
    while (lo < hi) {
        int m = (lo + hi) / 2;
        if (sum(C, m) == before) hi = m;
        else lo = m + 1;
    }
    return sum(F, r) - sum(F, lo - 1);
}
