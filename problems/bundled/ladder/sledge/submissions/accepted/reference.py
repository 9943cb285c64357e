n, k = map(int, input().split())
a = list(map(int, input().split()))
ride = sum(a[:k])
best = ride
for i in range(k, n):
    ride += a[i] - a[i - k]
    best = max(best, ride)
print(best)
