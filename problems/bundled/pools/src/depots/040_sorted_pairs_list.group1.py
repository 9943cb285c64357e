n, a, b = map(int, input().split())
x = []
w = []
for i in range(n):
    p, q = map(int, input().split())
    x.append(p)
    w.append(q)
x.sort()
best = 10 ** 30
for i in range(n):
    for j in range(i, n):
        total = 0
        for k in range(n):
            c = a * (x[k] - x[i]) if x[k] >= x[i] else b * (x[i] - x[k])
            d = a * (x[k] - x[j]) if x[k] >= x[j] else b * (x[j] - x[k])
            total += w[k] * min(c, d)
        best = min(best, total)
print(best)
