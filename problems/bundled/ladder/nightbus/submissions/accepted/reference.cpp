#include <bits/stdc++.h>
using namespace std;

int main() {
    int h, m, d;
    scanf("%d:%d %d", &h, &m, &d);
    int t = (h * 60 + m + d) % 1440;
    printf("%02d:%02d\n", t / 60, t % 60);
}
