import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    k = max(1, n // 2)

    def serve(part):
        if not part:
            return 0
        t = sum(w for _, w in part)
        s = 0
        for x, w in part:
            s += w
            if s * (a + b) >= t * a:
                return sum(v * (a * (y - x) if y > x else b * (x - y)) for y, v in part)

    best = serve(farms[:k]) + serve(farms[k:])
    for step in (n // 4, n // 8, n // 16, 2, 1):
        for cand in (k - step, k + step):
            if 0 <= cand <= n:
                c = serve(farms[:cand]) + serve(farms[cand:])
                if c < best:
                    best, k = c, cand
    print(best)

main()
