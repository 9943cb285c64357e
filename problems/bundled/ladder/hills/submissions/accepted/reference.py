from itertools import groupby

input()
a = [height for height, _ in groupby(input().split())]
a = list(map(int, a))
print(sum(x < y > z for x, y, z in zip(a, a[1:], a[2:])))
