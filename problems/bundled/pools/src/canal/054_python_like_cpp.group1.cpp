#include "canal.h"
using namespace std;
vector<int> fish_count;
vector<int> gate_state;
void init(int n, vector<int> fish, string gates) {
    fish_count = fish;
    for (int i = 0; i < n; i++) gate_state.push_back(gates[i] - '0');
}
void toggle(int g) { gate_state[g] = 1 - gate_state[g]; }
void stock(int i, int k) { fish_count[i] += k; }
long long shoal(int i) {
    long long total = fish_count[i];
    int j = i + 1;
    while (j < (int)fish_count.size() && gate_state[j - 1] == 1) { total += fish_count[j]; j++; }
    j = i - 1;
    while (j >= 0 && gate_state[j] == 1) { total += fish_count[j]; j--; }
    return total;
}
