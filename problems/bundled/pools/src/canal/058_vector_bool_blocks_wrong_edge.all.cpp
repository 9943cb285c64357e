#include "canal.h"
using namespace std;
const int S = 512;
int n;
vector<long long> a, b;
vector<int> c;
string g;
void init(int m, vector<int> fish, string gates) {
    n = m;
    g = gates;
    a.assign(fish.begin(), fish.end());
    b.assign(n / S + 1, 0);
    c.assign(n / S + 1, 0);
    for (int i = 0; i < n; i++) b[i / S] += a[i];
    for (int i = 0; i + 1 < n; i++) c[i / S] += g[i] == '0';
}
void toggle(int i) {
    c[i / S] += g[i] == '1' ? 1 : -1;
    g[i] = g[i] == '1' ? '0' : '1';
}
void stock(int i, int k) { a[i] += k; b[i / S] += k; }
long long shoal(int i) {
    long long s = a[i];
    int r = i;
    while (r + 1 < n && g[r] == '1') {
        if ((r + 1) % S == 0 && r + S < n && c[r / S + 1] == 0) {
            s += b[r / S + 1];
            r += S;
        } else s += a[++r];
    }
    int l = i;
    while (l > 0 && g[l - 1] == '1') {
        if (l % S == 0 && c[l / S - 1] <= 1) {
            s += b[l / S - 1];
            l -= S;
        } else s += a[--l];
    }
    return s;
}
