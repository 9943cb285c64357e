# @EXPECTED_GRADES@ AC TLE TLE TLE
# O(n^3) over distinct places.
import sys

data = list(map(int, sys.stdin.read().split()))
n, a, b = data[:3]
need: dict[int, int] = {}
for x, w in zip(data[3::2], data[4::2]):
    need[x] = need.get(x, 0) + w
places = sorted(need)
best = None
for i, p in enumerate(places):
    first = [w * (a * (x - p) if x > p else b * (p - x)) for x, w in need.items()]
    for q in places[i:]:
        total = 0
        for (x, w), cost in zip(need.items(), first):
            other = w * (a * (x - q) if x > q else b * (q - x))
            total += cost if cost < other else other
        if best is None or total < best:
            best = total
print(best)
