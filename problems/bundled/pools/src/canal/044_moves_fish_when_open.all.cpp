#include "canal.h"
#include <set>
using namespace std;
// when a gate opens all fish of both parts are shared; keep the sum at the left end of the part
static set<int> left_ends;
static vector<long long> sum;
void init(int n, vector<int> fish, string gates) {
    sum.assign(n, 0);
    int l = 0;
    for (int i = 0; i < n; i++) {
        if (i == 0 || gates[i - 1] == '0') { l = i; left_ends.insert(i); }
        sum[l] += fish[i];
    }
}
void toggle(int g) {
    auto it = left_ends.find(g + 1);
    if (it != left_ends.end()) {
        int l = *prev(it);
        sum[l] += sum[g + 1];
        sum[g + 1] = 0;
        left_ends.erase(it);
    } else {
        left_ends.insert(g + 1);
    }
}
void stock(int i, int k) { sum[*prev(left_ends.upper_bound(i))] += k; }
long long shoal(int i) { return sum[*prev(left_ends.upper_bound(i))]; }
