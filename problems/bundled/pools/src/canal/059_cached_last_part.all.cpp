#include "canal.h"
using namespace std;
static int n, L = -1, R = -2;
static long long sum;
static vector<long long> a;
static string g;
void init(int m, vector<int> fish, string gates) { n = m; a.assign(fish.begin(), fish.end()); g = gates; }
void toggle(int i) {
    g[i] = g[i] == '1' ? '0' : '1';
    if (i >= L - 1 && i <= R) L = -1, R = -2;
}
void stock(int i, int k) {
    a[i] += k;
    if (L <= i && i <= R) sum += k;
}
long long shoal(int i) {
    if (L <= i && i <= R) return sum;
    L = R = i;
    while (L > 0 && g[L - 1] == '1') L--;
    while (R + 1 < n && g[R] == '1') R++;
    sum = 0;
    for (int j = L; j <= R; j++) sum += a[j];
    return sum;
}
