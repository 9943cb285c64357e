a, b = map(int, input().split())
print(sum(y % 4 == 0 and (y % 100 != 0 or y % 400 == 0) for y in range(a, min(b, 3000) + 1)))
