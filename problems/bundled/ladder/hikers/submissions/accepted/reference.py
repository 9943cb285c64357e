from bisect import bisect_left

input()
ends = []
for x in map(int, input().split()):
    place = bisect_left(ends, x)
    ends[place : place + 1] = [x]
print(len(ends))
