from calendar import monthrange

m, y = map(int, input().split())
print(monthrange(y, m)[1])
