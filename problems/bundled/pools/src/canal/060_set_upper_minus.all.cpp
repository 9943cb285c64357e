#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
set<int, greater<int>> closedLeft;
set<int> closedRight;
vector<long long> fen;
int m;
void change(int i, int k) { for (; i < m; i |= i + 1) fen[i] += k; }
long long total(int i) { long long r = 0; for (; i >= 0; i = (i & (i + 1)) - 1) r += fen[i]; return r; }
void init(int n, vector<int> fish, string gates) {
    m = n;
    fen.resize(n);
    for (int i = 0; i < n; i++) change(i, fish[i]);
    for (int i = 0; i < n - 1; i++)
        if (gates[i] == '0') {
            closedLeft.insert(i);
            closedRight.insert(i);
        }
}
void toggle(int g) {
    if (closedLeft.count(g)) {
        closedLeft.erase(g);
        closedRight.erase(g);
    } else {
        closedLeft.insert(g);
        closedRight.insert(g);
    }
}
void stock(int i, int k) { change(i, k); }
long long shoal(int i) {
    auto r = closedRight.lower_bound(i);
    auto l = closedLeft.lower_bound(i);  // largest closed gate <= i
    int right = r == closedRight.end() ? m - 1 : *r;
    int left = l == closedLeft.end() ? 0 : *l + 1;
    return total(right) - total(left - 1);
}
