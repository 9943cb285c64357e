// @EXPECTED_GRADES@ AC TLE TLE TLE
// Walks from the basin in both directions.
#include "canal.h"

static std::vector<long long> water;
static std::string open_;

void init(int, std::vector<int> fish, std::string gates) {
    water.assign(fish.begin(), fish.end());
    open_ = gates;
}

void toggle(int g) { open_[g] = open_[g] == '1' ? '0' : '1'; }

void stock(int i, int k) { water[i] += k; }

long long shoal(int i) {
    long long sum = water[i];
    for (int j = i; j < static_cast<int>(open_.size()) && open_[j] == '1'; j++) sum += water[j + 1];
    for (int j = i; j > 0 && open_[j - 1] == '1'; j--) sum += water[j - 1];
    return sum;
}
