#include "canal.h"
using namespace std;
vector<long long> fish_;
vector<char> gate_;
void init(int n, vector<int> fish, string gates) {
    fish_.assign(fish.begin(), fish.end());
    gate_.assign(gates.begin(), gates.end());
}
void toggle(int g) { gate_[g] = gate_[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { fish_[i] += k; }
long long shoal(int i) {
    long long sum = 0;
    int j = i;
    do { sum += fish_[j]; } while (j < (int)gate_.size() && gate_[j++] == '1');
    j = i;
    do { sum += fish_[j]; } while (j > 0 && gate_[--j] == '1');
    return sum;
}
