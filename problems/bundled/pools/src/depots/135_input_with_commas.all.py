n, a, b = [int(v) for v in input().split(",")]
farms = []
for i in range(n):
    x, w = [int(v) for v in input().split(",")]
    farms.append((x, w))
farms.sort()
best = 10 ** 18
for i in range(n):
    for j in range(i, n):
        c = 0
        for x, w in farms:
            c += w * min(a * max(x - farms[i][0], 0) + b * max(farms[i][0] - x, 0), a * max(x - farms[j][0], 0) + b * max(farms[j][0] - x, 0))
        best = min(best, c)
print(best)
