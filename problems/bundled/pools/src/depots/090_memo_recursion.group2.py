import sys
from functools import lru_cache
sys.setrecursionlimit(10000)

def main():
    data = list(map(int, sys.stdin.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))

    @lru_cache(maxsize=None)
    def best(i, state):
        # state 0: no depot yet, 1: first depot passed, 2: second depot passed
        if i == n:
            return 0 if state > 0 else 10 ** 20
        x, w = farms[i]
        res = 10 ** 20
        if state < 2:
            res = best(i + 1, state + 1)
        if i > 0 and state > 0:
            res = min(res, best(i + 1, state) + a * w * (x - farms[i - 1][0]))
        return res

    print(best(0, 0))

main()
