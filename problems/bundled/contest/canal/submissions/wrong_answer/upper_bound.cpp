// @EXPECTED_GRADES@ WA WA WA WA
// Skips the gate right behind the basin when it is closed.
#include "canal.h"

#include <set>

static std::set<int> closed;
static std::vector<long long> water;

void init(int n, std::vector<int> fish, std::string gates) {
    water.assign(fish.begin(), fish.end());
    closed = {-1, n - 1};
    for (int g = 0; g + 1 < n; g++)
        if (gates[g] == '0') closed.insert(g);
}

void toggle(int g) {
    if (!closed.erase(g)) closed.insert(g);
}

void stock(int i, int k) { water[i] += k; }

long long shoal(int i) {
    auto it = closed.upper_bound(i);
    int right = it == closed.end() ? static_cast<int>(water.size()) - 1 : *it;
    int left = *--it;
    long long sum = 0;
    for (int j = left + 1; j <= right; j++) sum += water[j];
    return sum;
}
