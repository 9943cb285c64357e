#include "canal.h"
#include <set>
#include <map>
using namespace std;
// sums kept per part; closing a gate sums the shorter side
static set<int> cl;
static map<int, long long> sum;  // keyed by the right end
static vector<long long> a;
void init(int n, vector<int> fish, string gates) {
    a.assign(fish.begin(), fish.end());
    cl = {-1, n - 1};
    long long s = 0;
    for (int i = 0; i < n; i++) {
        s += a[i];
        if (i == n - 1 || gates[i] == '0') { cl.insert(i); sum[i] = s; s = 0; }
    }
}
void toggle(int g) {
    auto it = cl.lower_bound(g);
    if (*it == g) {
        int r = *next(it);
        sum[r] += sum[g];
        sum.erase(g);
        cl.erase(it);
    } else {
        int r = *it, l = *prev(it) + 1;
        long long s = 0;
        if (g - l < r - g) {
            for (int i = l; i <= g; i++) s += a[i];
            sum[g] = s;
            sum[r] -= s;
        } else {
            for (int i = g + 1; i <= r; i++) s += a[i];
            sum[g] = sum[r] - s;
            sum[r] = s;
        }
        cl.insert(g);
    }
}
void stock(int i, int k) { a[i] += k; sum[*cl.lower_bound(i)] += k; }
long long shoal(int i) { return sum[*cl.lower_bound(i)]; }
