n = int(input())
a = list(map(int, input().split()))
seen = top = 0
for x in a:
    if x > top:
        top = x
        seen += 1
print(seen)
