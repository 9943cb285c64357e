// @EXPECTED_GRADES@ WA WA WA WA
// The right structure with 32-bit sums.
#include "canal.h"

#include <set>

static std::set<int> closed;
static std::vector<unsigned> tree;

void stock(int i, int k) {
    for (i++; i < static_cast<int>(tree.size()); i += i & -i) tree[i] += k;
}

void init(int n, std::vector<int> fish, std::string gates) {
    tree.assign(n + 1, 0);
    for (int i = 0; i < n; i++) stock(i, fish[i]);
    closed = {-1, n - 1};
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '0') closed.insert(g);
}

void toggle(int g) {
    if (!closed.erase(g)) closed.insert(g);
}

static unsigned prefix(int i) {
    unsigned s = 0;
    for (; i > 0; i -= i & -i) s += tree[i];
    return s;
}

long long shoal(int i) {
    auto it = closed.lower_bound(i);
    int right = *it, left = *--it;
    return static_cast<int>(prefix(right + 1) - prefix(left + 1));
}
