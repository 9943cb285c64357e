from bisect import bisect_right, insort

input()
seen = []
untidy = 0
for x in map(int, input().split()):
    untidy += len(seen) - bisect_right(seen, x)
    insort(seen, x)
print(untidy)
