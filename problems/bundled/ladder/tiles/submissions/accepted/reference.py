from math import isqrt

n = int(input())
print(sum(n % a == 0 for a in range(1, isqrt(n) + 1)))
