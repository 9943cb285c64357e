n, a, b = map(int, input().split())
pts = []
for _ in range(n):
    x, w = map(int, input().split())
    pts.extend([x] * w)
pts.sort()
m = len(pts)
best = None
for k in range(1, m):
    p = pts[k * a // (a + b)] if k * a // (a + b) < k else pts[k - 1]
    r = m - k
    q = pts[k + r * a // (a + b)]
    c = 0
    for i, x in enumerate(pts):
        d = p if i < k else q
        c += a * (x - d) if x >= d else b * (d - x)
    if best is None or c < best:
        best = c
print(best if best is not None else 0)
