import sys, random
random.seed(sys.argv[1] + ":" + sys.argv[2])
g = sys.argv[2]
hi = {"group1": 12, "group2": 60, "group3": 40}.get(g, 80)
n = random.randint(1, hi)
X = random.choice([5, 30, 1000, 10**9])
calm = g == "group3"
a = random.randint(1, 10)
b = a if calm else random.randint(1, 10)
print(n, a, b)
for _ in range(n):
    print(random.randint(0, X), 1 if calm else random.randint(1, random.choice([1, 5, 100])))
