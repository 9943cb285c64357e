n, k = map(int, input().split())
seen = [0] * k
pairs = 0
for x in map(int, input().split()):
    pairs += seen[-x % k]
    seen[x % k] += 1
print(pairs)
