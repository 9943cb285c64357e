n, k = map(int, input().split())
children = list(range(1, n + 1))
while len(children) > 1:
    for _ in range((k - 1) % len(children)):
        children.append(children.pop(0))
    children.pop(0)
print(children[0])
