#include "canal.h"
using namespace std;
static vector<int> f;
static string g;
static vector<int> id;
static vector<long long> sums;
static void compute() {
    id.assign(f.size(), 0);
    sums.assign(1, f[0]);
    for (size_t i = 1; i < f.size(); i++) {
        if (g[i - 1] == '0') sums.push_back(0);
        id[i] = sums.size() - 1;
        sums.back() += f[i];
    }
}
void init(int n, vector<int> fish, string gates) { f = fish; g = gates; compute(); }
void toggle(int i) { g[i] = g[i] == '0' ? '1' : '0'; compute(); }
void stock(int i, int k) { sums[id[i]] += k; }
long long shoal(int i) { return sums[id[i]]; }
