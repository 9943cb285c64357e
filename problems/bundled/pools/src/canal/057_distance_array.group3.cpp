#include "canal.h"
using namespace std;
static vector<long long> pre;
static string st;
static vector<int> nextClosed;
void init(int n, vector<int> fish, string gates) {
    pre.assign(n + 1, 0);
    for (int i = 0; i < n; i++) pre[i + 1] = pre[i] + fish[i];
    st = gates + "0";
    nextClosed.assign(n, n - 1);
    for (int i = n - 1; i >= 0; i--) nextClosed[i] = st[i] == '0' ? i : nextClosed[i + 1];
}
void toggle(int g) {
    st[g] = st[g] == '0' ? '1' : '0';
    int v = st[g] == '0' ? g : nextClosed[g + 1];
    for (int i = g; i >= 0 && (i == g || st[i] == '1'); i--) nextClosed[i] = v;
}
void stock(int i, int k) {
    for (int j = i + 1; j < (int)pre.size(); j++) pre[j] += k;
}
long long shoal(int i) {
    int r = nextClosed[i];
    int l = i;
    while (l > 0 && nextClosed[l - 1] == r) l--;
    return pre[r + 1] - pre[l];
}
