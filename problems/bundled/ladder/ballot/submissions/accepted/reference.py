from collections import Counter

input()
votes = Counter(map(int, input().split()))
count, number = max((count, -number) for number, count in votes.items())
print(-number, count)
