# Counts the apples one by one.
a, b = map(int, input().split())
total = 0
while total < a + b:
    total += 1
print(total)
