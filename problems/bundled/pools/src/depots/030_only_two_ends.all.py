n, a, b = map(int, input().split())
farms = [tuple(map(int, input().split())) for _ in range(n)]
farms.sort()
p = farms[0][0]
q = farms[-1][0]
cost = 0
for x, w in farms:
    cost += w * min(a * (x - p), b * (q - x))
print(cost)
