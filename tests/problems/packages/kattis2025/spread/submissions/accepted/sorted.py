input()
a = sorted(map(int, input().split()))
print(a[-1] - a[0])
