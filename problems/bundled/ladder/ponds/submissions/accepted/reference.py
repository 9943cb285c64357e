h, w = map(int, input().split())
water = {(i, j) for i in range(h) for j, sign in enumerate(input()) if sign == '#'}
best = 0
while water:
    front = [water.pop()]
    size = 0
    while front:
        i, j = front.pop()
        size += 1
        for each in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if each in water:
                water.remove(each)
                front.append(each)
    best = max(best, size)
print(best)
