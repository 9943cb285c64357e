// O(sqrt n) a call: blocks with their sum and number of closed gates.
#include "canal.h"

#include <algorithm>

namespace {

const int B = 512;
int n;
std::vector<long long> basin, block;
std::vector<int> shut;
std::string gate;

}  // namespace

void init(int size, std::vector<int> fish, std::string gates) {
    n = size;
    basin.assign(fish.begin(), fish.end());
    gate = gates + '0';  // the eastern end
    block.assign(n / B + 1, 0);
    shut.assign(n / B + 1, 0);
    for (int i = 0; i < n; i++) {
        block[i / B] += basin[i];
        shut[i / B] += gate[i] == '0';
    }
}

void toggle(int g) {
    shut[g / B] += gate[g] == '0' ? -1 : 1;
    gate[g] ^= 1;
}

void stock(int i, int k) {
    basin[i] += k;
    block[i / B] += k;
}

long long shoal(int i) {
    long long sum = basin[i];
    for (int j = i; gate[j] == '1';) {
        j++;
        if (j % B == 0 && shut[j / B] == 0) {
            sum += block[j / B];
            j += B - 1;
        } else {
            sum += basin[j];
        }
    }
    for (int j = i - 1; j >= 0 && gate[j] == '1';) {
        if (j % B == B - 1 && shut[j / B] == 0) {
            sum += block[j / B];
            j -= B;
        } else {
            sum += basin[j];
            j--;
        }
    }
    return sum;
}
