input()
print(sorted(set(map(int, input().split())))[1:2] or -1)
