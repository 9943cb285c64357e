import sys

def main():
    data = sys.stdin.read().split()
    n = int(data[0]); a = int(data[1]); b = int(data[2])
    farms = []
    for i in range(n):
        farms.append((int(data[3 + 2 * i]), int(data[4 + 2 * i])))
    best = float('inf')
    for i in range(n):
        for j in range(i + 1, n):
            p = farms[i][0]
            q = farms[j][0]
            cost = 0
            for x, w in farms:
                c1 = a * (x - p) if x >= p else b * (p - x)
                c2 = a * (x - q) if x >= q else b * (q - x)
                cost += w * min(c1, c2)
                if cost >= best:
                    break
            best = min(best, cost)
    print(best)

main()
