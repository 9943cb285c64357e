import sys
a = list(map(int, sys.stdin.read().split()))
sys.exit(0 if len(a) == 2 and all(0 <= x <= 10**9 for x in a) else 1)
