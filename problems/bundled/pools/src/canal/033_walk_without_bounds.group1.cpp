#include "canal.h"
using namespace std;
vector<long long> f;
string g;
void init(int n, vector<int> fish, string gates) {
    f = vector<long long>(fish.begin(), fish.end());
    g = gates;
}
void toggle(int i) { g.at(i) = g.at(i) == '1' ? '0' : '1'; }
void stock(int i, int k) { f.at(i) += k; }
long long shoal(int i) {
    long long s = f.at(i);
    for (int j = i; g.at(j) == '1'; j++) s += f.at(j + 1);
    for (int j = i - 1; j >= 0 && g.at(j) == '1'; j--) s += f.at(j);
    return s;
}
