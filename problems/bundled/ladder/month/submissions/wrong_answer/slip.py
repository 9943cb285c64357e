m, y = map(int, input().split())
print(29 if m == 2 else 31 - m % 2)
