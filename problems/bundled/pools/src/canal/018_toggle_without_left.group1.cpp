#include "canal.h"
using namespace std;
vector<long long> w;
string o;
void init(int n, vector<int> fish, string gates) { w.assign(fish.begin(), fish.end()); o = gates + "0"; }
void toggle(int g) { o[g] = '0' + '1' - o[g]; }
void stock(int i, int k) { w[i] += k; }
long long shoal(int i) {
    // start of the part
    int l = i;
    while (l > 0 && o[l] == '1') l--;
    long long s = 0;
    for (int j = l; j < (int)w.size(); j++) {
        s += w[j];
        if (o[j] == '0') break;
    }
    return s;
}
