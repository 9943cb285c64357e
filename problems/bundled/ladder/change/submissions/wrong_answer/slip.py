n, k = map(int, input().split())
used = 0
for x in map(int, input().split()):
    used += k // x
    k %= x
print(-1 if k else used)
