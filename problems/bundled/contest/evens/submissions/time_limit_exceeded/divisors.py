# Lists all divisors of every number and looks for 2 among them.
n = int(input())
even = 0
for word in input().split():
    x = int(word)
    divisors = [d for d in range(1, x + 1) if x % d == 0]
    even += 2 in divisors
print(even)
