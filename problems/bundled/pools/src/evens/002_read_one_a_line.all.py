n = int(input())
count = 0
for _ in range(n):
    x = int(input())
    if x % 2 == 0:
        count += 1
print(count)
