import sys
data = list(map(int, sys.stdin.read().split()))
print(len([x for x in data if x % 2 == 0]))
