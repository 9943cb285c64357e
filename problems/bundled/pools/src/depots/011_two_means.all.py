import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[0], data[1], data[2]
    farms = sorted(zip(data[3::2], data[4::2]))
    best = None
    sw = [0]
    sx = [0]
    for x, w in farms:
        sw.append(sw[-1] + w)
        sx.append(sx[-1] + x * w)
    def part(l, r):
        if l == r:
            return 0
        # the depot stands at the centre of gravity
        c = (sx[r] - sx[l]) // (sw[r] - sw[l])
        cost = 0
        for i in range(l, r):
            x, w = farms[i]
            if x >= c:
                cost += a * w * (x - c)
            else:
                cost += b * w * (c - x)
        return cost
    for k in range(n + 1):
        v = part(0, k) + part(k, n)
        if best is None or v < best:
            best = v
    print(best)

main()
