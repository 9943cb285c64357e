import random
import sys
r = random.Random(sys.argv[1])
print(r.choice([0, 1, 9, 10**9]), r.choice([0, 1, 9, 10**9]))
