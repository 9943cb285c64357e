n, k = map(int, input().split())
last = 1
for size in range(1, n + 1):
    last = (last + k) % size
print(last)
