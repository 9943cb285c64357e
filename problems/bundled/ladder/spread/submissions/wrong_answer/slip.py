input()
a = sorted(map(int, input().split()))
print(sum(y - x for x, y in zip(a, a[1:])))
