# O(n log n) with binary searches for the two quantiles of every split.
import sys
from bisect import bisect_left
from itertools import accumulate


def main() -> None:
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    xs = [x for x, _ in farms]
    weight = [0, *accumulate(w for _, w in farms)]
    moment = [0, *accumulate(x * w for x, w in farms)]

    def cost(left: int, right: int) -> int:
        """Cheapest service of farms left..right-1 by one depot."""
        if left == right:
            return 0
        total = weight[right] - weight[left]
        # First farm p whose prefix reaches the share a / (a + b) of the weight.
        need = weight[left] + -(-a * total // (a + b))
        p = bisect_left(weight, need, left + 1, right) - 1
        x = xs[p]
        west = x * (weight[p] - weight[left]) - (moment[p] - moment[left])
        east = moment[right] - moment[p] - x * (weight[right] - weight[p])
        return b * west + a * east

    print(min(cost(0, k) + cost(k, n) for k in range(n)))


main()
