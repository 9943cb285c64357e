import sys, random
r = random.Random(int(sys.argv[1]) * 7 + len(sys.argv[2]) + ord(sys.argv[2][-1]))
sub = sys.argv[2]
calm = sub == "group3"
# a few villages far apart
k = r.randint(2, 5)
centres = sorted(r.sample(range(0, 10**9, 10**6), k))
farms = []
for c in centres:
    for _ in range(r.choice([1, 2, 8, 20])):
        farms.append((min(10**9, c + r.randint(0, 1000)), 1 if calm else r.choice([1, 1, 50, 100])))
r.shuffle(farms)
a, b = r.choice([(1, 1), (3, 3), (10, 10)]) if calm else r.choice([(1, 10), (10, 1), (2, 3), (5, 5)])
print(len(farms), a, b)
print("\n".join(f"{x} {w}" for x, w in farms))
