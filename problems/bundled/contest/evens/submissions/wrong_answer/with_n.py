# Counts n itself as one of the numbers.
import sys

print(sum(int(x) % 2 == 0 for x in sys.stdin.read().split()))
