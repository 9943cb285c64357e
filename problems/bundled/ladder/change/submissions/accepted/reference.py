n, k = map(int, input().split())
coins = list(map(int, input().split()))
reached = {0}
front = {0}
steps = 0
while k not in reached and front:
    steps += 1
    front = {s + x for s in front for x in coins if s + x <= k} - reached
    reached |= front
print(steps if k in reached else -1)
