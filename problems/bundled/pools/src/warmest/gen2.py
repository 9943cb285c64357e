import random
import sys
r = random.Random(sys.argv[1])
k = r.choice([1, 3, 10])
print(*[r.randint(-k, k) - r.choice([0, 20]) for _ in range(3)])
