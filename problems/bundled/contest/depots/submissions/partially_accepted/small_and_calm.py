# @EXPECTED_GRADES@ AC WA AC WA
# Brute force for n <= 150, medians where there is no wind, a guess elsewhere.
import sys


def main() -> None:
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    xs = [x for x, _ in farms]
    if n <= 150:
        best = None
        for p in range(n):
            first = [w * (a * (x - xs[p]) if x > xs[p] else b * (xs[p] - x)) for x, w in farms]
            for q in range(p, n):
                at = xs[q]
                total = 0
                for (x, w), cost in zip(farms, first):
                    other = w * (a * (x - at) if x > at else b * (at - x))
                    total += cost if cost < other else other
                if best is None or total < best:
                    best = total
        print(best)
        return
    sums = [0]
    for x in xs:
        sums.append(sums[-1] + x)

    def cost(left: int, right: int) -> int:
        m = (left + right) // 2
        return xs[m] * (2 * m - left - right) - 2 * sums[m] + sums[left] + sums[right]

    print(a * min(cost(0, k) + cost(k, n) for k in range(1, n)))


main()
