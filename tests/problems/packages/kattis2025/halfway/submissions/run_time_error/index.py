a, b = map(int, input().split())
print([x / 2 for x in range(1000)][a + b])
