import sys
v = list(map(int, sys.stdin.read().split()))
sys.exit(0 if v and v[0] == len(v) - 1 and 1 <= v[0] <= 1000 and all(1 <= x <= 10**6 for x in v[1:]) else 1)
