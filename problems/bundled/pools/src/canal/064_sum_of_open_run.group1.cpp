#include "canal.h"
#include <iostream>
using namespace std;
vector<long long> fish2;
string gates2;
int n2;
void init(int n, vector<int> fish, string gates) {
    n2 = n;
    for (int i = 0; i < n; i++) fish2.push_back(fish[i]);
    gates2 = gates;
}
void toggle(int g) {
    if (gates2[g] == '1') gates2[g] = '0';
    if (gates2[g] == '0') gates2[g] = '1';
}
void stock(int i, int k) { fish2[i] = fish2[i] + k; }
long long shoal(int i) {
    long long result = fish2[i];
    for (int g = i; g < n2 - 1; g++) {
        if (gates2[g] == '0') break;
        result += fish2[g + 1];
    }
    for (int g = i - 1; g >= 0; g--) {
        if (gates2[g] == '0') break;
        result += fish2[g];
    }
    return result;
}
