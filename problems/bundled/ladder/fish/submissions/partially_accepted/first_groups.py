n = int(input())
a = list(map(int, input().split()))
print(max(a[j] - a[i] for i in range(n) for j in range(i, n)))
