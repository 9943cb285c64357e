from collections import Counter

n, k = map(int, input().split())
seen, pairs = Counter(), 0
for a in map(int, input().split()):
    pairs += seen[k - a]
    seen[a] += 1
print(pairs)
