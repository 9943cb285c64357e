import sys

lines = sys.stdin.read().split("\n")
n, a, b = map(int, lines[0].split())
farms = []
for line in lines[1:]:
    x, w = map(int, line.split())
    farms.append((x, w))
farms.sort()
best = 10 ** 25
for i in range(n):
    for j in range(i, n):
        s = 0
        for x, w in farms:
            s += w * min(abs(x - farms[i][0]) * (a if x > farms[i][0] else b), abs(x - farms[j][0]) * (a if x > farms[j][0] else b))
        best = min(best, s)
print(best)
