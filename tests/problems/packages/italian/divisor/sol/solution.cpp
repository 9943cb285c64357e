#include "divisor.h"
int divisor(int n) {
    for (int d = 2;; d++)
        if (n % d == 0) return d;
}
