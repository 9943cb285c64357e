import sys
# farms must be sorted by place and no two farms share a place
data = list(map(int, sys.stdin.read().split()))
n = data[0]
xs = data[3::2]
if len(xs) != n or xs != sorted(set(xs)):
    sys.exit(1)
