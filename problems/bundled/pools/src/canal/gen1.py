import sys, random
random.seed(sys.argv[1] + sys.argv[2])
g = sys.argv[2]
n = random.randint(1, 12)
print(n)
print(*[random.randint(0, 9) for _ in range(n)])
gates = [random.choice("01") for _ in range(n - 1)]
print("".join(gates) or "-")
for _ in range(random.randint(1, 30)):
    k = random.choice("tsh")
    if k == "t" and n > 1:
        x = random.randrange(n - 1)
        if g == "group2" and gates[x] == "1":
            continue
        gates[x] = "1" if gates[x] == "0" else "0"
        print("t", x)
    elif k == "s" and g != "group3":
        print("s", random.randrange(n), random.randint(1, 9))
    else:
        print("h", random.randrange(n))
print("h", random.randrange(n))
print("e")
