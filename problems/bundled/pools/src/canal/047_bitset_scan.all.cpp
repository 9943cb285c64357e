#include "canal.h"
#include <bitset>
using namespace std;
static bitset<200005> shut;
static vector<long long> t;
static int n;
void stock(int i, int k) { for (i++; i <= n; i += i & -i) t[i] += k; }
static long long q(int i) { long long s = 0; for (; i > 0; i -= i & -i) s += t[i]; return s; }
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    t.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    for (int i = 0; i < n - 1; i++) shut[i] = gates[i] == '0';
    shut[n - 1] = 1;
}
void toggle(int g) { shut.flip(g); }
long long shoal(int i) {
    int r = i == 0 ? (shut[0] ? 0 : shut._Find_next(0)) : shut._Find_next(i - 1);
    int l = i;
    while (l > 0 && !shut[l - 1]) l--;
    return q(r + 1) - q(l);
}
