# Finds parity by subtracting two again and again.
n = int(input())
even = 0
for word in input().split():
    x = int(word)
    while x > 1:
        x -= 2
    even += x == 0
print(even)
