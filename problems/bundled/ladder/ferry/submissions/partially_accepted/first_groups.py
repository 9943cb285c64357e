seats = [0] * 1002
for _ in range(int(input())):
    a, b = map(int, input().split())
    for minute in range(a, min(b, 1000) + 1):
        seats[minute] += 1
print(max(seats))
