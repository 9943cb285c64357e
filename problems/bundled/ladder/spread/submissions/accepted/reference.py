n = int(input())
a = sorted(map(int, input().split()))
print(sum(x * (2 * i - n + 1) for i, x in enumerate(a)))
