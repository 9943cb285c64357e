input()
stones = list(map(int, input().split()))
sums = 1
for x in stones:
    sums |= sums << x
total = sum(stones)
print(min(abs(total - 2 * s) for s in range(total + 1) if sums >> s & 1))
