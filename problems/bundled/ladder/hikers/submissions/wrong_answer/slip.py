n = int(input())
a = list(map(int, input().split()))
top = stay = 0
for x in a:
    if x > top:
        top = x
        stay += 1
print(stay)
