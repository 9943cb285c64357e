n = int(input())
print(sum(x[-1] in "2468" for x in input().split()))
