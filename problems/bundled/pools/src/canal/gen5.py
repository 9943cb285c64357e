import sys, random
random.seed(int(sys.argv[1]))
n = random.randint(2, 10)
q = random.randint(1, 10)
print(n, q)
print(*[random.randint(0, 100) for _ in range(n)])
print("".join(random.choice("01") for _ in range(n - 1)))
for _ in range(q):
    print(random.choice(["toggle 0", "shoal 1", "stock 0 5"]))
