import sys, random
r = random.Random(sys.argv[1])
sub = sys.argv[2]
n = r.choice([1, 2, 3])
print(n)
print(*[r.choice([0, 1, 10**9]) for _ in range(n)])
g = ["0"] * (n - 1)
print("".join(g) or "-")
for i in range(8):
    print("h", r.randrange(n))
    if n > 1:
        x = r.randrange(n - 1)
        if sub != "group2" or g[x] == "0":
            g[x] = "1" if g[x] == "0" else "0"
            print("t", x)
    if sub != "group3":
        print("s", n - 1, 10**9)
print("h", 0)
print("e")
