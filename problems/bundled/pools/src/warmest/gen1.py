import random
import sys
random.seed(int(sys.argv[1]))
print(*[random.randint(-1000, 1000) for _ in range(3)])
