// @EXPECTED_GRADES@ AC TLE AC TLE
// Ordered set of closed gates; prefix sums are rebuilt by the first question after a stock.
#include "canal.h"

#include <set>

static std::set<int> closed;
static std::vector<long long> water, prefix;
static bool stale = true;

void init(int n, std::vector<int> fish, std::string gates) {
    water.assign(fish.begin(), fish.end());
    prefix.assign(n + 1, 0);
    closed = {-1, n - 1};
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '0') closed.insert(g);
}

void toggle(int g) {
    if (!closed.erase(g)) closed.insert(g);
}

void stock(int i, int k) {
    water[i] += k;
    stale = true;
}

long long shoal(int i) {
    if (stale) {
        for (std::size_t j = 0; j < water.size(); j++) prefix[j + 1] = prefix[j] + water[j];
        stale = false;
    }
    auto it = closed.lower_bound(i);
    int right = *it, left = *--it;
    return prefix[right + 1] - prefix[left + 1];
}
