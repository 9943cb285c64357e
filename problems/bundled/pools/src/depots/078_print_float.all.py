import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    best = float("inf")
    for k in range(1, n + 1):
        c = 0.0
        for part in (farms[:k], farms[k:]):
            if not part:
                continue
            t = sum(w for _, w in part)
            s = 0
            for x, w in part:
                s += w
                if s / t >= a / (a + b):
                    break
            c += sum(w * (a * (y - x) if y > x else b * (x - y)) for y, w in part)
        best = min(best, c)
    print(best)

main()
