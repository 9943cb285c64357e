// @EXPECTED_GRADES@ RE RE RE RE
// Asks for gate -1 and gate n - 1 with bounds checked.
#include "canal.h"

static std::vector<long long> water;
static std::string open_;

void init(int, std::vector<int> fish, std::string gates) {
    water.assign(fish.begin(), fish.end());
    open_ = gates;
}

void toggle(int g) { open_.at(g) = open_.at(g) == '1' ? '0' : '1'; }

void stock(int i, int k) { water.at(i) += k; }

static long long walk(int i, int step) {
    int g = step > 0 ? i : i - 1;
    if (open_.at(g) == '0') return water.at(i);
    return water.at(i) + walk(i + step, step);
}

long long shoal(int i) { return walk(i, 1) + walk(i, -1) - water.at(i); }
