#include "canal.h"
#include <set>
using namespace std;
set<int> c;
void init(int n, vector<int> fish, string gates) {
    c = {-1, n - 1};
    for (int i = 0; i < n - 1; i++) if (gates[i] == '0') c.insert(i);
}
void toggle(int g) { if (!c.erase(g)) c.insert(g); }
void stock(int, int) {}
long long shoal(int i) {
    auto it = c.lower_bound(i);
    return *it - *prev(it);
}
