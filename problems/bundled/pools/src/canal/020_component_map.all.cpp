#include "canal.h"
#include <map>
using namespace std;
// left end of every part -> (right end, sum); split and merge
static map<int, pair<int, long long>> parts;
static vector<long long> a;
static string st;
void init(int n, vector<int> fish, string gates) {
    a.assign(fish.begin(), fish.end());
    st = gates;
    int l = 0;
    long long s = 0;
    for (int i = 0; i < n; i++) {
        s += a[i];
        if (i == n - 1 || gates[i] == '0') {
            parts[l] = {i, s};
            l = i + 1;
            s = 0;
        }
    }
}
static map<int, pair<int, long long>>::iterator part(int i) { return prev(parts.upper_bound(i)); }
void toggle(int g) {
    auto it = part(g);
    if (st[g] == '0') {
        auto nx = part(g + 1);
        it->second.second += nx->second.second;
        it->second.first = nx->second.first;
        parts.erase(nx);
        st[g] = '1';
    } else {
        long long s = 0;
        for (int i = it->first; i <= g; i++) s += a[i];
        parts[g + 1] = {it->second.first, it->second.second - s};
        it->second = {g, s};
        st[g] = '0';
    }
}
void stock(int i, int k) { a[i] += k; part(i)->second.second += k; }
long long shoal(int i) { return part(i)->second.second; }
