import sys

def main():
    n, a, b = map(int, sys.stdin.readline().split())
    farms = []
    for line in sys.stdin:
        x, w = map(int, line.split())
        farms.append([x, w])
    farms.sort()
    best = 10 ** 19
    for i in range(n):
        for j in range(i, n):
            p, q = farms[i][0], farms[j][0]
            s = 0
            for x, w in farms:
                if x <= p:
                    s += b * (p - x) * w
                elif x >= q:
                    s += a * (x - q) * w
                else:
                    s += min(a * (x - p), b * (q - x)) * w
            if s < best:
                best = s
    print(best)

main()
