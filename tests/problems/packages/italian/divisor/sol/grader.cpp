#include <cstdio>
#include "divisor.h"
int main() {
    int n;
    scanf("%d", &n);
    printf("%d\n", divisor(n));
}
