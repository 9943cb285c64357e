#include "canal.h"
#include <iostream>
using namespace std;
vector<long long> w;
string st;
void init(int n, vector<int> fish, string gates) {
    int m;
    cin >> m;
    w.resize(m);
    for (auto& x : w) cin >> x;
    cin >> st;
}
void toggle(int g) { st[g] = st[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { if (i < (int)w.size()) w[i] += k; }
long long shoal(int i) {
    long long s = 0;
    for (int j = 0; j < (int)w.size(); j++) s += w[j];
    return s;
}
