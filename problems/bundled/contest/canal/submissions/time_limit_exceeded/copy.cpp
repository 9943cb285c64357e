// @EXPECTED_GRADES@ AC TLE TLE TLE
// Names the parts anew at every call of toggle and adds them up at every question.
#include "canal.h"

static int n;
static std::vector<long long> water;
static std::vector<int> part;
static std::string open_;

static void name_parts() {
    part.assign(n, 0);
    for (int i = 1; i < n; i++) part[i] = part[i - 1] + (open_[i - 1] == '0');
}

void init(int size, std::vector<int> fish, std::string gates) {
    n = size;
    water.assign(fish.begin(), fish.end());
    open_ = gates;
    name_parts();
}

void toggle(int g) {
    open_[g] = open_[g] == '1' ? '0' : '1';
    name_parts();
}

void stock(int i, int k) { water[i] += k; }

long long shoal(int i) {
    long long sum = 0;
    for (int j = 0; j < n; j++)
        if (part[j] == part[i]) sum += water[j];
    return sum;
}
