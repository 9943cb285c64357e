input()
points = sorted(set(map(int, input().split())))
print(points[-2] if len(points) > 1 else -1)
