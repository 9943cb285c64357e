import sys

def cost(xs):
    if not xs:
        return 0
    m = xs[len(xs) // 2]
    return sum(abs(x - m) for x in xs)

def main():
    data = sys.stdin.read().split()
    n, a, b = int(data[0]), int(data[1]), int(data[2])
    xs = sorted(int(v) for v in data[3::2])
    best = min(cost(xs[:k]) + cost(xs[k:]) for k in range(n))
    print(best * a)

main()
