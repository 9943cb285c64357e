input()
a = sorted(map(int, input().split()))
for i, x in enumerate(a, 1):
    if x != i:
        print(i)
        break
else:
    print(len(a) + 1)
