input()
a = list(map(int, input().split()))
print(sum(a.count(x) == 2 for x in set(a)))
