import sys
import random

seed, subtask = int(sys.argv[1]), sys.argv[2]
rng = random.Random(seed * 31 + sum(map(ord, subtask)))
limit = 150 if subtask == "group1" else 3000 if subtask == "group2" else 100000
shape = seed % 4
if shape == 0:
    n = limit
elif shape == 1:
    n = rng.randint(1, 3)
else:
    n = rng.randint(4, min(limit, 400))
calm = subtask == "group3"
a = rng.randint(1, 10)
b = a if calm else 11 - a
lines = [f"{n} {a} {b}"]
for i in range(n):
    x = rng.randrange(10**9 + 1) if shape != 3 else i * i
    w = 1 if calm else rng.randint(1, 100)
    lines.append(f"{min(x, 10**9)} {w}")
print("\n".join(lines))
