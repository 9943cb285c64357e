# Lists all ways to write every number as a product of two, and looks for one that starts with 2.
n = int(input())
even = 0
for word in input().split():
    x = int(word)
    products = [(d, e) for d in range(1, x + 1) for e in range(1, x + 1) if d * e == x]
    even += any(d == 2 for d, e in products)
print(even)
