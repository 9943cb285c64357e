input()
a = list(map(int, input().split()))
print(max(a), a.count(max(a)))
