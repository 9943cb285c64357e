n = int(input())
a = list(map(int, input().split()))
seen = set()
for order in (range(n), range(n - 1, -1, -1)):
    top = 0
    for i in order:
        if a[i] > top:
            top = a[i]
            seen.add(i)
print(len(seen))
