input()
a = list(map(int, input().split()))
print(sum(y > x or y > z for x, y, z in zip(a, a[1:], a[2:])))
