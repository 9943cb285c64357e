#include "canal.h"
#include <set>
using namespace std;
set<int> starts;
vector<long long> tot, own;
int N;
void init(int n, vector<int> fish, string gates) {
    N = n;
    own.assign(fish.begin(), fish.end());
    tot.assign(n, 0);
    int st = 0;
    starts.insert(0);
    for (int i = 0; i < n; i++) {
        if (i && gates[i - 1] == '0') starts.insert(st = i);
        tot[st] += own[i];
    }
}
void toggle(int g) {
    auto it = starts.lower_bound(g + 1);
    int l = *prev(it);
    if (it != starts.end() && *it == g + 1) {
        tot[l] += tot[g + 1];
        starts.erase(it);
        return;
    }
    int end = it == starts.end() ? N : *it;
    long long s = 0;
    for (int i = g + 1; i < end; i++) s += own[i];
    tot[g + 1] = s;
    tot[l] -= s;
    starts.insert(g + 1);
}
void stock(int i, int k) {
    own[i] += k;
    tot[*prev(starts.upper_bound(i))] += k;
}
long long shoal(int i) { return tot[*prev(starts.upper_bound(i))]; }
