n, a, b = map(int, input().split())
farms = []
for _ in range(n):
    x, w = map(int, input().split())
    farms.append((x, w))
best = float('inf')
for p, _ in farms:
    for q, _ in farms:
        total = 0
        for x, w in farms:
            to_p = (x - p) * a if x > p else (p - x) * b
            to_q = (x - q) * a if x > q else (q - x) * b
            total += min(to_p, to_q)
        total *= w
        best = min(best, total)
print(best)
