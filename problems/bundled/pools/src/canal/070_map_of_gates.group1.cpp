#include "canal.h"
#include <map>
using namespace std;
map<int, long long> basin;
map<int, bool> open_gate;
void init(int n, vector<int> fish, string gates) {
    for (int i = 0; i < n; i++) basin[i] = fish[i];
    for (int i = 0; i < n - 1; i++) open_gate[i] = gates[i] == '1';
}
void toggle(int g) { open_gate[g] = !open_gate[g]; }
void stock(int i, int k) { basin[i] += k; }
long long shoal(int i) {
    long long s = basin[i];
    int j = i;
    while (open_gate[j]) s += basin[++j];
    j = i - 1;
    while (j >= 0 && open_gate[j]) s += basin[j--];
    return s;
}
