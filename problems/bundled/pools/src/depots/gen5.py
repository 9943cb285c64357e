import sys, random
random.seed(int(sys.argv[1]) + 1000)
# big numbers everywhere
n = 20
print(n, 10, 10)
for i in range(n):
    print(random.randint(0, 10**9), random.randint(1, 1000))
