import random
import sys
r = random.Random(sys.argv[1])
n = r.choice([1, 2, 1000])
print(n)
print(*[r.randint(1, 6) * 5 for _ in range(n)])
