s = int(input())
x = 1
while x + x + 1 < s - 10**6 or x + x < s - 10**12:
    x += 1
print(x, s - x)
