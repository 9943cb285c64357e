#include "canal.h"
#include <cmath>
using namespace std;
int n, B;
vector<long long> a, bs;
vector<int> bc;
string g;
void init(int N, vector<int> fish, string gates) {
    n = N; g = gates + '0';
    B = sqrt(n) + 1;
    a.assign(fish.begin(), fish.end());
    bs.assign(B + 1, 0); bc.assign(B + 1, 0);
    for (int i = 0; i < n; i++) { bs[i / B] += a[i]; bc[i / B] += g[i] == '0'; }
}
void toggle(int i) {
    if (g[i] == '0') { g[i] = '1'; bc[i / B]--; } else { g[i] = '0'; bc[i / B]++; }
}
void stock(int i, int k) { a[i] += k; bs[i / B] += k; }
long long shoal(int i) {
    int l = i, r = i;
    while (l > 0 && g[l - 1] == '1') {
        if (l % B == 0 && bc[l / B - 1] == 0 && l - B > 0) l -= B;
        else l--;
    }
    while (g[r] == '1') {
        if (r % B == B - 1 && bc[r / B + 1] == 0) r += B;
        else r++;
    }
    long long s = 0;
    while (l <= r) {
        if (l % B == 0 && l + B - 1 <= r) { s += bs[l / B]; l += B; }
        else s += a[l++];
    }
    return s;
}
