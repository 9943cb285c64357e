#include "canal.h"
using namespace std;
vector<int> link_;
vector<long long> fishes;
int head(int v) { return link_[v] == v ? v : link_[v] = head(link_[v]); }
void init(int n, vector<int> fish, string gates) {
    for (int i = 0; i < n; i++) {
        link_.push_back(i > 0 && gates[i - 1] == '1' ? link_[i - 1] : i);
        fishes.push_back(0);
        fishes[link_[i]] += fish[i];
    }
}
void toggle(int g) {
    int r = head(g + 1), l = head(g);
    link_[r] = l;
    fishes[l] += fishes[r];
}
void stock(int i, int k) { fishes[head(i)] += k; }
long long shoal(int i) { return fishes[head(i)]; }
