#include <iostream>
#include <vector>
#include <string>
using namespace std;
vector<long long> f;
string gt;
void init(int n, vector<int> fish, string gates) { f.assign(fish.begin(), fish.end()); gt = gates; }
void toggle(int g) { gt[g] = gt[g] == '1' ? '0' : '1'; }
void stock(int i, int k) { f[i] += k; }
long long shoal(int i) {
    long long s = f[i];
    for (int j = i; j > 0 && gt[j - 1] == '1'; j--) s += f[j - 1];
    for (int j = i; j + 1 < (int)f.size() && gt[j] == '1'; j++) s += f[j + 1];
    return s;
}
int main() {
    int n;
    cin >> n;
    vector<int> fish(n);
    for (auto& x : fish) cin >> x;
    string gates;
    cin >> gates;
    init(n, fish, gates);
    char c;
    while (cin >> c && c != 'e') {
        int i, k;
        cin >> i;
        if (c == 't') toggle(i);
        if (c == 's') { cin >> k; stock(i, k); }
        if (c == 'h') cout << shoal(i) << endl;
    }
}
