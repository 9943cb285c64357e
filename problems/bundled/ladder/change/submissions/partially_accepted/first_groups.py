n, k = map(int, input().split())
used = 0
for x in sorted(map(int, input().split()), reverse=True):
    used += k // x
    k %= x
print(-1 if k else used)
