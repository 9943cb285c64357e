n, b = map(int, input().split())
ways = [1, 1, 2]
for stair in range(3, n + 1):
    ways.append(sum(ways[-3:]) % 1000007)
print((ways[n] - ways[b] * ways[n - b]) % 1000007 + 1)
