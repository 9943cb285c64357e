import sys
def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    def serve(part):
        if not part:
            return 0
        total = sum(w for _, w in part)
        acc = 0
        for x, w in part:
            acc += w
            if acc * b >= (total - acc) * a:
                depot = x
                break
        return sum(w * (a * (x - depot) if x > depot else b * (depot - x)) for x, w in part)
    print(min(serve(farms[:k]) + serve(farms[k:]) for k in range(n)))
main()
