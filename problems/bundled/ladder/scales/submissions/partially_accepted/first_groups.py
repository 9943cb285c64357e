n = int(input())
a = list(map(int, input().split()))
best = sum(a)
for mask in range(1 << n):
    left = sum(a[i] for i in range(n) if mask >> i & 1)
    best = min(best, abs(sum(a) - 2 * left))
print(best)
