#include "canal.h"
using namespace std;
vector<long long> a;
string s;
void init(int n, vector<int> fish, string gates) { a.assign(fish.begin(), fish.end()); s = gates; }
void toggleGate(int g) { s[g] = s[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { a[i] += k; }
long long shoal(int i) {
    long long r = a[i];
    for (int j = i; j < (int)s.size() && s[j] == '1'; j++) r += a[j + 1];
    for (int j = i - 1; j >= 0 && s[j] == '1'; j--) r += a[j];
    return r;
}
