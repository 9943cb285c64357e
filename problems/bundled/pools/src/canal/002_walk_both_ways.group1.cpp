#include "canal.h"
using namespace std;
int N;
vector<long long> a;
string s;
void init(int n, vector<int> fish, string gates) {
    N = n;
    a = vector<long long>(fish.begin(), fish.end());
    s = gates;
}
void toggle(int g) { s[g] = s[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    long long ans = a[i];
    int l = i, r = i;
    while (l > 0 && s[l - 1] == '1') ans += a[--l];
    while (r < N - 1 && s[r] == '1') ans += a[++r];
    return ans;
}
