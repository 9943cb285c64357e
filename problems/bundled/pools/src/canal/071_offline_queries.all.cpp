#include "canal.h"
#include <iostream>
using namespace std;
struct Call { char kind; int i, k; };
static vector<Call> calls;
static vector<int> start;
static string g0;
void init(int n, vector<int> fish, string gates) { start = fish; g0 = gates; }
void toggle(int g) { calls.push_back({'t', g, 0}); }
void stock(int i, int k) { calls.push_back({'s', i, k}); }
long long shoal(int i) {
    // replay everything so far
    vector<long long> a(start.begin(), start.end());
    string g = g0;
    for (auto& c : calls) {
        if (c.kind == 't') g[c.i] = g[c.i] == '1' ? '0' : '1';
        else a[c.i] += c.k;
    }
    long long s = a[i];
    for (size_t j = i; j < g.size() && g[j] == '1'; j++) s += a[j + 1];
    for (int j = i; j > 0 && g[j - 1] == '1'; j--) s += a[j - 1];
    return s;
}
