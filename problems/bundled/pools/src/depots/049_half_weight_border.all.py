import sys

def main():
    inp = sys.stdin.buffer.read().split()
    n, a, b = int(inp[0]), int(inp[1]), int(inp[2])
    f = sorted((int(inp[3 + 2 * i]), int(inp[4 + 2 * i])) for i in range(n))
    total = sum(w for _, w in f)
    run = 0
    k = 0
    while k < n and 2 * (run + f[k][1]) <= total:
        run += f[k][1]
        k += 1

    def serve(part):
        t = sum(w for _, w in part)
        acc = 0
        for x, w in part:
            acc += w
            if acc * (a + b) >= t * a:
                return sum(v * (a * (y - x) if y >= x else b * (x - y)) for y, v in part)
        return 0

    print(serve(f[:k]) + serve(f[k:]))

main()
