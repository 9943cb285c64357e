n, k = (min(100, int(word)) for word in input().split())
a = list(map(int, input().split()))
best = None
for i in range(n - k + 1):
    joy = 0
    for x in a[i : i + k]:
        joy += x
    if best is None or joy > best:
        best = joy
print(best)
