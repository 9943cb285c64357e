// @EXPECTED_GRADES@ WA WA AC WA
// Ordered set of closed gates over prefix sums that stock does not reach.
#include "canal.h"

#include <set>

static std::set<int> closed;
static std::vector<long long> prefix;

void init(int n, std::vector<int> fish, std::string gates) {
    prefix.assign(1, 0);
    for (int f : fish) prefix.push_back(prefix.back() + f);
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '0') closed.insert(g);
    closed.insert(-1);
    closed.insert(n - 1);
}

void toggle(int g) {
    if (!closed.erase(g)) closed.insert(g);
}

void stock(int, int) {}

long long shoal(int i) {
    auto it = closed.lower_bound(i);
    int right = *it, left = *--it;
    return prefix[right + 1] - prefix[left + 1];
}
