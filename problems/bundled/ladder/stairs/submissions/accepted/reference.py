n, b = map(int, input().split())
ways = [0, 0, 1]
for stair in range(1, n + 1):
    ways = ways[1:] + [0 if stair == b else sum(ways) % 1000007]
print(ways[-1])
