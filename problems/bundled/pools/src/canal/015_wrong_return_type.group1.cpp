#include "canal.h"
using namespace std;
vector<int> f;
string gt;
void init(int n, vector<int> fish, string gates) { f = fish; gt = gates; }
void toggle(int g) { gt[g] = gt[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { f[i] += k; }
int shoal(int i) {
    int s = f[i];
    for (int j = i; j > 0 && gt[j - 1] == '1'; j--) s += f[j - 1];
    for (int j = i; j < (int)gt.size() && gt[j] == '1'; j++) s += f[j + 1];
    return s;
}
