#include "canal.h"
using namespace std;
// for every basin the ends of its part; updated for the whole part when a gate turns
vector<int> L, R;
vector<long long> a, pre;
int n;
void init(int N, vector<int> fish, string gates) {
    n = N;
    a.assign(fish.begin(), fish.end());
    L.resize(n); R.resize(n);
    for (int i = 0; i < n; i++) L[i] = i && gates[i - 1] == '1' ? L[i - 1] : i;
    for (int i = n - 1; i >= 0; i--) R[i] = i < n - 1 && gates[i] == '1' ? R[i + 1] : i;
}
void toggle(int g) {
    int l = L[g], r = R[g + 1];
    if (R[g] == g) {
        for (int i = l; i <= g; i++) R[i] = r;
        for (int i = g + 1; i <= r; i++) L[i] = l;
    } else {
        for (int i = l; i <= g; i++) R[i] = g;
        for (int i = g + 1; i <= r; i++) L[i] = g + 1;
    }
}
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    long long s = 0;
    for (int j = L[i]; j <= R[i]; j++) s += a[j];
    return s;
}
