a, b, c = map(int, input().split())
if a > b:
    print(a if a > c else c)
else:
    print(b)
