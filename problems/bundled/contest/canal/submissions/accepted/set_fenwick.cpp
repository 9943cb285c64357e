// O(log n) a call: the closed gates in an ordered set, the fish in a Fenwick tree.
#include "canal.h"

#include <iterator>
#include <set>

namespace {

std::set<int> closed;  // gate g closes basins ..g from g+1..; -1 and n-1 are the canal's ends
std::vector<long long> tree;

void add(int i, long long k) {
    for (i++; i < static_cast<int>(tree.size()); i += i & -i) tree[i] += k;
}

long long prefix(int count) {
    long long sum = 0;
    for (; count > 0; count -= count & -count) sum += tree[count];
    return sum;
}

}  // namespace

void init(int n, std::vector<int> fish, std::string gates) {
    tree.assign(n + 1, 0);
    for (int i = 0; i < n; i++) add(i, fish[i]);
    closed = {-1, n - 1};
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '0') closed.insert(closed.end(), g);
}

void toggle(int g) {
    if (closed.erase(g) == 0) closed.insert(g);
}

void stock(int i, int k) { add(i, k); }

long long shoal(int i) {
    auto right = closed.lower_bound(i);
    return prefix(*right + 1) - prefix(*std::prev(right) + 1);
}
