#include "canal.h"
using namespace std;
vector<long long> w;
vector<bool> closedGate;
void init(int n, vector<int> fish, string gates) {
    for (int x : fish) w.push_back(x);
    for (char c : gates) closedGate.push_back(c == '1');
}
void toggle(int g) { closedGate[g] = !closedGate[g]; }
void stock(int i, int k) { w[i] += k; }
long long shoal(int i) {
    long long s = w[i];
    for (int j = i - 1; j >= 0 && !closedGate[j]; j--) s += w[j];
    for (int j = i + 1; j < (int)w.size() && !closedGate[j - 1]; j++) s += w[j];
    return s;
}
