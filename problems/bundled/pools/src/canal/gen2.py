import random
import sys

rng = random.Random(int(sys.argv[1]) * 13 + ord(sys.argv[2][-1]))
group = sys.argv[2]
n, q = rng.randint(2, 300), 600
big = 10**9
print(n)
print(" ".join(str(rng.randint(0, big)) for _ in range(n)))
state = [rng.random() < 0.9 for _ in range(n - 1)] if group != "group2" else [rng.random() < 0.5 for _ in range(n - 1)]
print("".join("1" if s else "0" for s in state))
for _ in range(q):
    r = rng.random()
    g = rng.randrange(n - 1)
    if r < 0.3 and not (group == "group2" and state[g]):
        state[g] = not state[g]
        print(f"t {g}")
    elif r < 0.5 and group != "group3":
        print(f"s {rng.randrange(n)} {rng.randint(1, big)}")
    else:
        print(f"h {rng.randrange(n)}")
print("e")
