a, b = map(int, input().split())
print(sum(n > 1 and all(n % d for d in range(2, n)) for n in range(a, b + 1)))
