#include "canal.h"
#include <set>
using namespace std;
set<int> open_;
vector<long long> a;
void init(int n, vector<int> fish, string gates) {
    a.assign(fish.begin(), fish.end());
    for (int i = 0; i < n - 1; i++) if (gates[i] == '1') open_.insert(i);
}
void toggle(int g) { if (open_.count(g)) open_.erase(g); else open_.insert(g); }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    long long s = a[i];
    for (int j = i; open_.count(j); j++) s += a[j + 1];
    for (int j = i - 1; open_.count(j); j--) s += a[j];
    return s;
}
