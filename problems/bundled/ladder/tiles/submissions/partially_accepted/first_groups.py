n = int(input())
print(sum(n % a == 0 and a * a <= n for a in range(1, n + 1)))
