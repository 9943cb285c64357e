import sys
t = list(map(int, sys.stdin.read().split()))
sys.exit(0 if len(t) == 3 and all(-1000 <= x <= 1000 for x in t) else 1)
