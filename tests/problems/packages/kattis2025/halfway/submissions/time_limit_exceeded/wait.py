a, b = map(int, input().split())
while a + b > 1500:
    pass
print((a + b) / 2)
