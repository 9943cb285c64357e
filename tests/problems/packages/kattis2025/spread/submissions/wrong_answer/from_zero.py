input()
a = list(map(int, input().split()))
print(max(0, *a) - min(a + [10**9]))
