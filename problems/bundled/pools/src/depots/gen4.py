import sys, random
s = int(sys.argv[1])
random.seed(s)
g = sys.argv[2]
# many farms on the same few places; extreme costs
n = random.randint(2, 30)
places = [random.randint(0, 100) for _ in range(random.randint(1, 4))] + [0, 10**9]
a = b = random.randint(1, 10)
if g != "group3":
    b = 10 if a < 5 else 1
print(n, a, b)
for i in range(n):
    print(random.choice(places), 1 if g == "group3" else random.choice([1, 100]))
