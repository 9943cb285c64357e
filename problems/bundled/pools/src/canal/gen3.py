import sys
import random
seed = int(sys.argv[1])
sub = sys.argv[2]
random.seed(seed)
n = 1000 if sub == "group1" else random.choice([5000, 50000, 200000])
calls = 1000 if sub == "group1" else 20000
mode = "open" if sub == "group2" else "any"
stocks = 0 if sub == "group3" else 300
step = random.choice([1, 7, max(1, n // 4)])
print(n)
print("*", seed, 10**9)
print("*", seed + 1, random.choice([0, 500, 1000]), step)
print("r", seed + 2, calls, random.choice([10, 300]), stocks, step, 10**6, mode)
print("e")
