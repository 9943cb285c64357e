import sys
# first line: n and q, then the fish, the gates and q calls
lines = sys.stdin.read().strip().split("\n")
first = lines[0].split()
if len(first) != 2:
    sys.exit(1)
n, q = map(int, first)
if len(lines) != q + 3:
    sys.exit(1)
