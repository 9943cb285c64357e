#include "canal.h"

#include <algorithm>
#include <set>

namespace {

struct Canal {
    std::vector<std::int64_t> tree;
    std::set<int> closed;
    int n = 0;

    void add(int pos, std::int64_t value) {
        for (int i = pos + 1; i <= n; i += i & -i) tree[i] += value;
    }
    std::int64_t sum(int from, int to) const {
        std::int64_t res = 0;
        for (int i = to + 1; i > 0; i -= i & -i) res += tree[i];
        for (int i = from; i > 0; i -= i & -i) res -= tree[i];
        return res;
    }
} canal;

}  // namespace

void init(int n, std::vector<int> fish, std::string gates) {
    canal.n = n;
    canal.tree.assign(n + 1, 0);
    for (int i = 0; i < n; ++i) canal.add(i, fish[i]);
    for (int g = 0; g < n - 1; ++g)
        if (gates[g] == '0') canal.closed.emplace_hint(canal.closed.end(), g);
}

void toggle(int g) {
    auto [it, inserted] = canal.closed.insert(g);
    if (!inserted) canal.closed.erase(it);
}

void stock(int i, int k) { canal.add(i, k); }

long long shoal(int i) {
    auto it = canal.closed.lower_bound(i);
    int to = it == canal.closed.end() ? canal.n - 1 : *it;
    int from = it == canal.closed.begin() ? 0 : *std::prev(it) + 1;
    return canal.sum(from, to);
}
