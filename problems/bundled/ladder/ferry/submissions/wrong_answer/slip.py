events = []
for _ in range(int(input())):
    a, b = map(int, input().split())
    events += [(a, 1), (b, -1)]
now = most = 0
for _, change in sorted(events):
    now += change
    most = max(most, now)
print(most)
