#include "canal.h"
using namespace std;
static vector<long long> a;
static string g;
void init(int n, vector<int> fish, string gates) {
    a.assign(fish.begin(), fish.end());
    g = "0" + gates + "0";  // g[i] is the gate west of basin i
}
void toggle(int i) { g[i] = g[i] == '1' ? '0' : '1'; }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    long long s = a[i];
    for (int j = i; g[j] == '1'; j--) s += a[j - 1];
    for (int j = i + 1; g[j] == '1'; j++) s += a[j];
    return s;
}
