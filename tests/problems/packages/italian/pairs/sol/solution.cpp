#include <cstdio>
#include <map>
int main() {
    freopen("input.txt", "r", stdin);
    freopen("output.txt", "w", stdout);
    int n, c, pairs = 0;
    std::map<int, int> seen;
    scanf("%d", &n);
    while (n-- && scanf("%d", &c) == 1) pairs += seen[c]++ % 2;
    printf("%d\n", pairs);
}
