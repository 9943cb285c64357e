#include "canal.h"
#include <set>
#include <unordered_map>
using namespace std;
static set<int> c;
static vector<long long> a;
static unordered_map<int, long long> cache;  // left wall -> sum of the part
void init(int n, vector<int> fish, string gates) {
    a.assign(fish.begin(), fish.end());
    c = {-1, n - 1};
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) {
    auto it = c.lower_bound(g);
    cache.erase(*prev(it));
    if (*it == g) c.erase(it);
    else c.insert(g);
}
void stock(int i, int k) {
    a[i] += k;
    auto it = cache.find(*prev(c.lower_bound(i)));
    if (it != cache.end()) it->second += k;
}
long long shoal(int i) {
    auto it = c.lower_bound(i);
    int l = *prev(it), r = *it;
    auto f = cache.find(l);
    if (f != cache.end()) return f->second;
    long long s = 0;
    for (int j = l + 1; j <= r; j++) s += a[j];
    return cache[l] = s;
}
