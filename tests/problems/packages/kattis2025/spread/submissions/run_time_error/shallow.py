import sys

sys.setrecursionlimit(300)
input()
a = list(map(int, input().split()))
def high(i):
    return a[i] if i + 1 == len(a) else max(a[i], high(i + 1))
print(high(0) - min(a))
