#include "canal.h"
#include <algorithm>
#include <deque>
using namespace std;
// sorted sequence of the closed gates and a Fenwick tree
deque<int> walls;
vector<long long> t;
void stock(int i, int k) { for (i++; i < (int)t.size(); i += i & -i) t[i] += k; }
void init(int n, vector<int> fish, string gates) {
    t.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    walls.push_back(-1);
    for (int g = 0; g + 1 < n; g++) if (gates[g] == '0') walls.push_back(g);
    walls.push_back(n - 1);
}
void toggle(int g) {
    auto it = lower_bound(walls.begin(), walls.end(), g);
    if (*it == g) walls.erase(it);
    else walls.insert(it, g);
}
static long long pre(int i) { long long s = 0; for (; i; i &= i - 1) s += t[i]; return s; }
long long shoal(int i) {
    auto it = lower_bound(walls.begin(), walls.end(), i);
    return pre(*it + 1) - pre(*(it - 1) + 1);
}
