#include "canal.h"
using namespace std;
int n;
vector<long long> a;
string s;
vector<bool> seen;
long long dfs(int i) {
    if (i < 0 || i >= n || seen[i]) return 0;
    seen[i] = true;
    long long r = a[i];
    if (i > 0 && s[i - 1] == '1') r += dfs(i - 1);
    if (i < n - 1 && s[i] == '1') r += dfs(i + 1);
    return r;
}
void init(int n_, vector<int> fish, string gates) { n = n_; a.assign(fish.begin(), fish.end()); s = gates; }
void toggle(int g) { s[g] = s[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) { seen.assign(n, false); return dfs(i); }
