import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    xs = [x for x, _ in farms]

    def total(p, q):
        s = 0
        for x, w in farms:
            c = a * (x - p) if x > p else b * (p - x)
            d = a * (x - q) if x > q else b * (q - x)
            s += w * (c if c < d else d)
        return s

    p, q = xs[0], xs[-1]
    best = total(p, q)
    for _ in range(6):
        for which in range(2):
            lo, hi = xs[0], xs[-1]
            while hi - lo > 2:
                m1 = lo + (hi - lo) * 382 // 1000
                m2 = lo + (hi - lo) * 618 // 1000
                f1 = total(m1, q) if which == 0 else total(p, m1)
                f2 = total(m2, q) if which == 0 else total(p, m2)
                if f1 < f2:
                    hi = m2
                else:
                    lo = m1
            if which == 0:
                p = lo
            else:
                q = lo
            best = min(best, total(p, q))
    print(best)

main()
