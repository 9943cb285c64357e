#include "canal.h"
using namespace std;
static vector<int> lo, hi;
static vector<long long> f;
static int n;
static void put(int i, long long k) { for (i++; i <= n; i += i & -i) f[i] += k; }
static long long upto(int i) { long long s = 0; for (i++; i > 0; i -= i & -i) s += f[i]; return s; }
void init(int n0, vector<int> fish, string gates) {
    n = n0;
    f.assign(n + 1, 0);
    lo.resize(n);
    hi.resize(n);
    for (int i = 0; i < n; i++) {
        put(i, fish[i]);
        lo[i] = (i > 0 && gates[i - 1] == '1') ? lo[i - 1] : i;
    }
    for (int i = n - 1; i >= 0; i--) hi[i] = (i + 1 < n && gates[i] == '1') ? hi[i + 1] : i;
}
void toggle(int g) {
    bool was_closed = hi[g] == g;
    int l = lo[g], r = hi[g + 1];
    if (was_closed) {
        for (int i = l; i <= r; i++) { lo[i] = l; hi[i] = r; }
    } else {
        for (int i = l; i <= g; i++) hi[i] = g;
        for (int i = g + 1; i <= r; i++) lo[i] = g + 1;
    }
}
void stock(int i, int k) { put(i, k); }
long long shoal(int i) { return upto(hi[i]) - upto(lo[i] - 1); }
