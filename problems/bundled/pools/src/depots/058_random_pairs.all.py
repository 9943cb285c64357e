import random
import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = list(zip(data[3::2], data[4::2]))
    rng = random.Random(1)
    best = None
    tries = max(1, min(3000, 2000000 // (n * 4)))
    for _ in range(tries):
        p = farms[rng.randrange(n)][0]
        q = farms[rng.randrange(n)][0]
        if p > q:
            p, q = q, p
        border = (a * p + b * q) / (a + b)
        cost = 0
        for x, w in farms:
            d = p if x <= border else q
            cost += w * (a * (x - d) if x >= d else b * (d - x))
        if best is None or cost < best:
            best = cost
    print(best)

main()
