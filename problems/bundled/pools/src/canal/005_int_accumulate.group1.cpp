#include "canal.h"
using namespace std;
vector<int> f;
string g;
void init(int n, vector<int> fish, string gates) { f = fish; g = gates; }
void toggle(int i) { g[i] = (g[i] == '0') ? '1' : '0'; }
void stock(int i, int k) { f[i] += k; }
long long shoal(int i) {
    int total = f[i];
    for (int j = i - 1; j >= 0; j--) {
        if (g[j] == '0') break;
        total += f[j];
    }
    for (int j = i + 1; j < (int)f.size(); j++) {
        if (g[j - 1] == '0') break;
        total += f[j];
    }
    return total;
}
