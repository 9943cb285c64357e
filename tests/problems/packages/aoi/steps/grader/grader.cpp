#include <cstdio>
#include "steps.h"
int main() {
    int n;
    scanf("%d", &n);
    printf("%lld\n", ways(n));
}
