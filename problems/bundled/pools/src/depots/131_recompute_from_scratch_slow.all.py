import sys
from bisect import bisect_left

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    xs = [x for x, _ in farms]
    mid = (xs[0] + xs[-1]) // 2
    k = bisect_left(xs, mid)
    ans = 0
    for part in (farms[:k], farms[k:]):
        best = None
        for p, _ in part[:: max(1, len(part) // 50)]:
            c = sum(w * (a * (x - p) if x > p else b * (p - x)) for x, w in part)
            best = c if best is None else min(best, c)
        ans += best or 0
    print(ans)

main()
