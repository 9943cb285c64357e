# @EXPECTED_GRADES@ TLE TLE TLE TLE
# Tries every pair of metres, not only the farms.
import sys

data = list(map(int, sys.stdin.read().split()))
n, a, b = data[:3]
farms = list(zip(data[3::2], data[4::2]))
low = 0
high = 10**9
best = None
for p in range(low, high + 1):
    for q in range(p, high + 1):
        total = 0
        for x, w in farms:
            total += w * min(
                a * (x - p) if x > p else b * (p - x), a * (x - q) if x > q else b * (q - x)
            )
        if best is None or total < best:
            best = total
print(best)
