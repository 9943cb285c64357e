input()
a = list(map(int, input().split()))[:200]
print(sum(a.count(x) == 2 for x in set(a)))
