from collections import Counter

input()
print(list(Counter(input().split()).values()).count(2))
