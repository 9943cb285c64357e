import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    heavy = sorted(farms, key=lambda f: -f[1])[:2]
    best = None
    cand = sorted(x for x, _ in heavy)
    if len(cand) == 1:
        print(0)
        return
    p, q = cand
    cost = 0
    for x, w in farms:
        cost += w * min(a * max(0, x - p) + b * max(0, p - x), a * max(0, x - q) + b * max(0, q - x))
    print(cost)

main()
