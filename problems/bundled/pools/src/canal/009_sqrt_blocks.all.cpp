#include "canal.h"
#include <bits/stdc++.h>
using namespace std;
const int B = 450;
int n;
vector<long long> v, blk;
vector<int> cnt;
string s;
void init(int n_, vector<int> fish, string gates) {
    n = n_;
    v.assign(fish.begin(), fish.end());
    s = gates;
    blk.assign(n / B + 2, 0);
    cnt.assign(n / B + 2, 0);
    for (int i = 0; i < n; i++) blk[i / B] += v[i];
    for (int i = 0; i < n - 1; i++) if (s[i] == '0') cnt[i / B]++;
}
void toggle(int g) {
    if (s[g] == '0') s[g] = '1', cnt[g / B]--;
    else s[g] = '0', cnt[g / B]++;
}
void stock(int i, int k) { v[i] += k; blk[i / B] += k; }
long long shoal(int i) {
    long long r = v[i];
    int j = i;
    while (j < n - 1 && s[j] == '1') {
        j++;
        if (j % B == 0 && cnt[j / B] == 0 && j + B < n) { r += blk[j / B]; j += B - 1; }
        else r += v[j];
    }
    j = i;
    while (j > 0 && s[j - 1] == '1') {
        j--;
        if (j % B == B - 1 && cnt[j / B] == 0) { r += blk[j / B]; j -= B; }
        else r += v[j];
    }
    return r;
}
