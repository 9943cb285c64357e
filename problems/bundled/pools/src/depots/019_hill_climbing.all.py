import sys
import random

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    xs = [f[0] for f in farms]

    def total(p, q):
        s = 0
        for x, w in farms:
            c1 = a * (x - p) if x >= p else b * (p - x)
            c2 = a * (x - q) if x >= q else b * (q - x)
            s += w * (c1 if c1 < c2 else c2)
        return s

    i, j = n // 4, 3 * n // 4
    cur = total(xs[i], xs[j])
    improved = True
    while improved:
        improved = False
        for di, dj in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            ni, nj = i + di, j + dj
            if 0 <= ni < n and 0 <= nj < n:
                c = total(xs[ni], xs[nj])
                if c < cur:
                    cur, i, j = c, ni, nj
                    improved = True
                    break
    print(cur)

main()
