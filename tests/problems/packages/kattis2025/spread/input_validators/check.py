import sys

n = int(input())
numbers = input().split()
ok = 1 <= n <= {{maxn}} and len(numbers) == n and all(abs(int(x)) <= {{bound}} for x in numbers)
sys.exit(42 if ok else 43)
