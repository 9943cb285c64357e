n, k = map(int, input().split())
last = 0
for size in range(2, n + 1):
    last = (last + k) % size
print(last + 1)
