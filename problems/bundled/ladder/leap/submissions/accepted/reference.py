a, b = map(int, input().split())
print(sum(sign * (y // 4 - y // 100 + y // 400) for sign, y in ((1, b), (-1, a - 1))))
