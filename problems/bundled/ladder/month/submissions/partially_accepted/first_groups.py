m, y = map(int, input().split())
print(28 if m == 2 else 30 if m in (4, 6, 9, 11) else 31)
