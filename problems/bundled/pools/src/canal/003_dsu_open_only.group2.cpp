#include "canal.h"
#include <vector>
using namespace std;
vector<int> p;
vector<long long> sum;
int find(int x) { return p[x] == x ? x : p[x] = find(p[x]); }
void unite(int a, int b) {
    a = find(a);
    b = find(b);
    if (a == b) return;
    p[a] = b;
    sum[b] += sum[a];
}
void init(int n, vector<int> fish, string gates) {
    p.resize(n);
    sum.resize(n);
    for (int i = 0; i < n; i++) {
        p[i] = i;
        sum[i] = fish[i];
    }
    for (int i = 0; i < n - 1; i++)
        if (gates[i] == '1') unite(i, i + 1);
}
void toggle(int g) { unite(g, g + 1); }
void stock(int i, int k) { sum[find(i)] += k; }
long long shoal(int i) { return sum[find(i)]; }
