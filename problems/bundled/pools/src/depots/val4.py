import sys
def check(tokens, group):
    it = iter(tokens)
    n = int(next(it)); a = int(next(it)); b = int(next(it))
    if not (1 <= n <= 100000 and 1 <= a <= 10 and 1 <= b <= 10):
        return False
    if group == "group1" and n > 150 or group == "group2" and n > 3000 or group == "group3" and a != b:
        return False
    for _ in range(n):
        x = int(next(it)); w = int(next(it))
        if x < 0 or x > 10**9 or w < 1 or w > 100 or (group == "group3" and w != 1):
            return False
    return next(it, None) is None
try:
    good = check(sys.stdin.read().split(), sys.argv[1])
except (ValueError, StopIteration):
    good = False
sys.exit(0 if good else 1)
